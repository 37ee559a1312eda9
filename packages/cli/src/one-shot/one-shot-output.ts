import {
  textOf,
  toUsd,
  type JsonValue,
  type NewMessage,
  type Session,
  type SessionStore,
  type TurnEvent,
  type TurnSpending,
} from '@synapse/core';
import { printJson } from '../output/print-json.ts';
import { shortReferenceTo } from '../sessions/short-reference.ts';

/** Shows a run while it happens and when it has ended; each form of output is one of these. */
export interface OneShotOutput {
  begin(session: Session, isNew: boolean): void;
  event(event: TurnEvent): void | Promise<void>;
  /** Not called when the run failed. `sessions` is where the answer is kept. */
  end(answer: Answer, sessions: Pick<SessionStore, 'find'>): void | Promise<void>;
  /** Ends what was begun before the failure is reported, and shows how to continue the session. */
  fail(run: StoredRun, sessions: Pick<SessionStore, 'find'>): void | Promise<void>;
}

export interface StoredRun {
  session: Session;
  /** Whether its messages are stored: of a failed run the question, and what came of the answer. */
  isSaved: boolean;
}

export interface Answer extends StoredRun {
  message: NewMessage;
  /** On all answers of the run, this one included. */
  spent: TurnSpending;
  /** The answer as its schema wants it; only where there is one. */
  data?: JsonValue;
}

export interface Streams {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/** To a person who reads both streams; what was not saved is not offered. */
export async function sayHowToGoOn(
  { session, isSaved }: StoredRun,
  sessions: Pick<SessionStore, 'find'>,
  { stdout, stderr, say }: Streams & { say: (text: string) => void },
): Promise<void> {
  if (!isSaved || !stdout.isTTY || !stderr.isTTY) return;
  say(`go on with: synapse -c, or -s ${await shortReferenceTo(session, sessions)}`);
}

/** The one object of `--json`. */
export function createJsonOutput({ stdout }: Streams): OneShotOutput {
  return {
    begin: () => undefined,
    event: () => undefined,
    end: (answer) => printJson(stdout, { type: 'result', ...resultOf(answer) }),
    fail: () => undefined,
  };
}

/** `--output ndjson`: an object a line, numbered without gaps. */
export function createNdjsonOutput({ stdout }: Streams): OneShotOutput {
  let seq = 0;
  const print = (value: object) => printJson(stdout, { seq: seq++, ...value });
  return {
    begin: ({ id }, isNew) => print({ type: 'session', sessionId: id, created: isNew }),
    event(event) {
      switch (event.type) {
        case 'text-delta':
        case 'reasoning-delta':
        case 'notice':
          print(event);
          break;
        case 'tool-call':
          print({ type: event.type, id: event.id, name: event.name, input: event.input });
          break;
        case 'tool-end': {
          const { id, name, output, isError } = event.result;
          print({ type: 'tool-result', id, name, output, isError, durationMs: event.durationMs });
          break;
        }
        case 'storage-failed':
          print({ type: 'notice', text: `The answer is not saved: ${event.error.message}` });
          break;
        case 'started':
        case 'usage':
        case 'text-end':
        case 'reasoning-end':
        case 'tool-approval':
        case 'tool-start':
        case 'tool-call-start':
        case 'tool-call-delta':
        case 'turn-end':
        case 'message-stored':
        case 'turn-result':
          break;
      }
    },
    end: (answer) => print({ type: 'result', ...resultOf(answer) }),
    fail: () => undefined,
  };
}

function resultOf({ session, message, isSaved, spent, data }: Answer): object {
  return {
    sessionId: session.id,
    messageId: message.id,
    text: textOf(message.parts),
    provider: message.provider,
    model: message.model,
    finishReason: message.finishReason?.unified ?? null,
    usage: spent.usage,
    cost: { usd: spent.unpricedCount > 0 ? null : toUsd(spent.costNanoUsd) },
    saved: isSaved,
    ...(data !== undefined && { data }),
  };
}
