import type { Message, Part, Session, Store } from '@synapse/core';
import type { Agent } from '@synapse/app/agent/open-agent';
import type { App } from '@synapse/app/wiring';
import type { Conversation } from '@synapse/app/conversation/conversation';
import type { ProfileFlags } from '../profiles/begin-with-profile.ts';
import type { Display } from './display.ts';

/** Everything that a slash command can use. */
export interface Repl {
  readonly app: App;
  readonly store: Store;
  readonly conversation: Conversation;
  readonly display: Display;
  readonly agent: Agent;
  /** What the flags say about agents, instructions and trust, for every session that begins here. */
  readonly profileFlags: ProfileFlags;
  /** Attachments of the next message. */
  readonly attached: Part[];
  /** Runs work that Ctrl-C may stop; notices wait for its end. */
  stoppable<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  /** Sends a prompt as it is, with what is attached: no file is read that it names. */
  send(text: string): Promise<void>;
  /** Asks the last question again. */
  retry(): Promise<void>;
  /** Continues a session, and shows its newest messages. */
  open(session: Session): Promise<void>;
  /** Whether the user confirms; false if no user can be asked. */
  confirm(question: string): Promise<boolean>;
  /** Puts the last question into the input; the line that is sent replaces it and its answer. */
  edit(question: Message): void;
  /** Shows a label while long work runs, and aborts the work at Ctrl-C. */
  wait<Result>(label: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  leave(): void;
}
