import type { Answer, OneShotOutput } from '@synapse/app/conversation/answer';
import type { App } from '@synapse/app/wiring';
import { textOf, UsageError, toUsd } from '@synapse/core';
import {
  createSpinner,
  type Spinner,
  createStyle,
  wantsColor,
  type ColorChoice,
} from '@synapse/terminal';
import { createAnswerView } from '../conversation/answer-view.ts';
import { createNotices } from '../output/notices.ts';
import { printJson } from '../output/print-json.ts';
import { hintAtResume, type Streams } from '../output/resume-hint.ts';

export interface OutputFlags {
  output: string;
  json: boolean;
  quiet: boolean;
  verbose: boolean;
  raw: boolean;
  extract: boolean;
  schema?: string | undefined;
}

/** The form of output that the flags ask for. */
export async function openOutput(
  flags: OutputFlags,
  { settings: { output }, environment }: App,
  notify: (text: string) => void,
): Promise<OneShotOutput> {
  const { stdout, stderr } = process;
  const streams = { stdout, stderr };
  if (flags.extract && isForPrograms(flags)) {
    throw new UsageError('--extract prints code, not JSON.', { hint: 'Leave one of them out.' });
  }
  if (flags.json && flags.output === 'ndjson') {
    throw new UsageError('--json and --output ndjson cannot be used together.');
  }
  if (flags.json || flags.output === 'json') return createJsonOutput(streams);
  if (flags.output === 'ndjson') return createNdjsonOutput(streams);
  if (flags.extract || flags.schema !== undefined) {
    const { createHeldOutput } = await import('./held-output.ts');
    const pick = flags.extract ? (answer: Answer) => pickCode(answer, notify) : toDataText;
    return createHeldOutput({ ...streams, isQuiet: flags.quiet, notify, pick });
  }
  return createTextOutput({
    ...streams,
    isQuiet: flags.quiet,
    isRaw: flags.raw || !output.markdown,
    isVerbose: flags.verbose,
    showsReasoning: output.reasoning,
    color: output.color,
    environment,
  });
}

export function isForPrograms({ output, json }: Pick<OutputFlags, 'output' | 'json'>): boolean {
  return json || output !== 'text';
}

async function pickCode({ message }: Answer, notify: (text: string) => void): Promise<string> {
  const { extractCode } = await import('./extract-code.ts');
  const text = textOf(message.parts);
  const code = extractCode(text);
  if (code === undefined) notify('the answer has no code block; this is the whole answer');
  return code ?? text;
}

function toDataText({ data }: Answer): string {
  return JSON.stringify(data, null, 2);
}

interface TextOutputOptions extends Streams {
  isQuiet: boolean;
  /** Markdown is printed unrendered. */
  isRaw: boolean;
  /** The end of what a command printed is shown. */
  isVerbose: boolean;
  showsReasoning: boolean;
  color: ColorChoice;
  environment: NodeJS.ProcessEnv;
}

/** Streams the answer to stdout; all notices go to stderr. */
async function createTextOutput(options: TextOutputOptions): Promise<OneShotOutput> {
  const { stdout, stderr, isQuiet, isRaw, isVerbose, color: choice, environment } = options;
  const { notify, warn } = createNotices(stderr, { isQuiet });
  const spinner = isQuiet
    ? silentSpinner
    : createSpinner({
        terminal: stderr,
        isPlain: environment.TERM === 'dumb',
        details: () => ['Ctrl-C stops'],
      });
  const isShown = options.showsReasoning && stderr.isTTY && !isQuiet;
  const styleOn = ({ isTTY }: NodeJS.WriteStream) =>
    createStyle(wantsColor({ choice, isTerminal: isTTY, environment }));
  const view = await createAnswerView({
    ...{ stdout, spinner, notify, warn },
    isRendered: stdout.isTTY && !isRaw && environment.TERM !== 'dumb',
    answerStyle: styleOn(stdout),
    asideStyle: styleOn(stderr),
    reasoning: isShown ? 'shown' : 'hidden',
    asideColumns: () => (stderr.isTTY || isVerbose ? stderr.columns || 80 : null),
    showsOutput: isVerbose,
    writeAside: (text) => {
      if (!isQuiet) stderr.write(text);
    },
  });
  return {
    begin(session, isNew) {
      if (isNew && session.handle) notify(`created session "${session.handle}"`);
      spinner.start('waiting …');
    },
    event: (event) => view.event(event),
    async end(answer, sessions) {
      await view.end();
      await hintAtResume(answer, sessions, { stdout, stderr, notify });
    },
    async fail(run, sessions) {
      view.abort();
      await hintAtResume(run, sessions, { stdout, stderr, notify });
    },
  };
}

const silentSpinner: Spinner = { start: () => undefined, stop: () => undefined };

/** The one object of `--json`. */
function createJsonOutput({ stdout }: Streams): OneShotOutput {
  return {
    begin: () => undefined,
    event: () => undefined,
    end: (answer) => printJson(stdout, { type: 'result', ...resultOf(answer) }),
    fail: () => undefined,
  };
}

/** `--output ndjson`: an object a line, numbered without gaps. */
function createNdjsonOutput({ stdout }: Streams): OneShotOutput {
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
