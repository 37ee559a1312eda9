import { join } from 'node:path';
import { InvalidDataError, type Store } from '@synapse/core';
import type { Target } from '@synapse/core/conversation';
import { wantsColor } from '@synapse/terminal';
import {
  createMemoryHistory,
  type History,
  type LineReader,
  isEditable,
  openLineReader,
} from '@synapse/terminal/editor';
import { openAgent, type AgentChoice, type AgentLimits } from '@synapse/app/agent/open-agent';
import type { App, OpenModel } from '@synapse/app/wiring';
import { toolRoots, searchPathOf } from '@synapse/app/wiring/tool-folders';
import { askInRepl } from './ask-in-repl.ts';
import { runPeriodicCleanup } from '@synapse/app/cleanup/run-periodic-cleanup';
import { createCompleter } from './complete-input.ts';
import { Conversation } from '@synapse/app/conversation/conversation';
import { Display } from './display.ts';
import { editOutside } from './edit-outside.ts';
import { createFileHistory } from './file-history.ts';
import { listenForTermination } from './listen-for-termination.ts';
import { createNotices } from '../output/notices.ts';
import { printResumeHint } from '../output/resume-hint.ts';
import type { ProfileFlags } from '../profiles/begin-with-profile.ts';
import { ReplLoop } from './repl-loop.ts';
import { showFailure } from './show-failure.ts';

export interface ReplOptions {
  readonly target: Target;
  /** Continues a copy of the session. */
  readonly isForked: boolean;
  /** Ends the lease of another process. */
  readonly isTakenOver: boolean;
  readonly model: OpenModel;
  /** Sent before the first line is read; may be empty. */
  readonly firstPrompt: string;
  readonly isPlain: boolean;
  readonly isRaw: boolean;
  /** Nothing of it is kept: neither the session nor what was typed. */
  readonly isEphemeral: boolean;
  readonly agentFlags: AgentChoice;
  /** The limits of the agent that the session begins or began with. */
  readonly limits: AgentLimits | null;
  readonly profileFlags: ProfileFlags;
}

/** A conversation line by line, on a terminal or over a pipe; resolves with the exit code. */
export async function runRepl(app: App, store: Store, options: ReplOptions): Promise<number> {
  const { stdin: input, stdout: output } = process;
  const display = openDisplay(app, options, () => reader);
  const agent = await openAgent(app, store, {
    ...{ flags: options.agentFlags, limits: options.limits },
    ask: display.isTerminal
      ? askInRepl(
          display,
          () => reader,
          () => loop.interrupt('ctrl-c'),
        )
      : null,
    notify: (text) => display.notify(text),
    warn: (text) => display.notify(text),
  });
  const { profileFlags } = options;
  const conversation = new Conversation(app, { store, model: options.model, agent });
  const loop = new ReplLoop(
    { app, store, conversation, display, agent, profileFlags },
    () => reader,
  );
  const { environment } = app;
  const reader: LineReader = openLineReader({
    input,
    output,
    environment,
    isPlain: options.isPlain,
    style: display.style,
    history: openHistory(app, options.isEphemeral, (error) => void showFailure(display, error)),
    complete: createCompleter(loop),
    editOutside: async (text) =>
      editOutside(text, { ...environment, PATH: await display.options.searchPath() }),
    onInterrupt: loop.interrupt,
    tooLong: lineTooLong,
    onWarning: (error) => void showFailure(display, error),
  });
  const stopListening = listenForTermination(loop, { isEditable: !display.options.isPlain });
  const background = new AbortController();
  const cleanup = runPeriodicCleanup(
    app,
    store.retention,
    (text) => display.notify(text),
    background.signal,
  );
  try {
    const exitCode = await loop.run(() => begin(loop, options));
    const unapproved = agent.unapproved.toError();
    if (!unapproved) return exitCode;
    const failed = showFailure(display, unapproved);
    return exitCode === 0 ? failed.exitCode : exitCode;
  } finally {
    reader.close();
    background.abort();
    await cleanup;
    if (!options.isEphemeral) await hintAtResume(loop);
    await conversation.close();
    await agent.close();
    stopListening();
  }
}

async function begin(
  loop: ReplLoop,
  { target, isForked, isTakenOver, firstPrompt }: ReplOptions,
): Promise<void> {
  const { display, conversation } = loop;
  const { name, model } = conversation.model.setup;
  if (display.isTerminal) display.notify(`Synapse · ${name}/${model} · /help lists the commands`);
  if (!('id' in target)) await conversation.begin(target);
  else await loop.open(isForked ? await conversation.copyOf(target) : target, isTakenOver);
  if (firstPrompt !== '') await loop.attempt(() => loop.take(firstPrompt));
}

function openDisplay(app: App, { isPlain, isRaw }: ReplOptions, reader: () => LineReader): Display {
  const { environment, settings } = app;
  const { stdin, stdout, stderr } = process;
  const { color: choice } = settings.output;
  const options = { input: stdin, output: stdout, environment, isPlain };
  return new Display(
    {
      stdout,
      stderr,
      environment,
      searchPath: () => searchPathOf(app, toolRoots(app)),
      isTerminal: stdin.isTTY && stdout.isTTY,
      isPlain: !isEditable(options),
      isRaw,
      showsReasoning: settings.output.reasoning,
      hasColor: wantsColor({ choice, isTerminal: stdout.isTTY, environment }),
    },
    reader,
  );
}

function openHistory(app: App, isEphemeral: boolean, warn: (error: unknown) => void): History {
  if (isEphemeral || !process.stdin.isTTY) return createMemoryHistory();
  try {
    return createFileHistory({ file: join(app.places.stateFolder, 'history') });
  } catch (error) {
    setImmediate(() => warn(error));
    return createMemoryHistory();
  }
}

async function hintAtResume({ conversation, display, store }: ReplLoop): Promise<void> {
  const { session } = conversation;
  if (!display.isTerminal || !session || session.messageCount === 0) return;
  const { notify } = createNotices(process.stderr);
  await printResumeHint(session, store.sessions, { how: '-r', notify });
}

function lineTooLong(): InvalidDataError {
  return new InvalidDataError('A line on stdin is larger than 16 MiB.', {
    hint: 'Attach a large file with /attach, or send less of it.',
  });
}
