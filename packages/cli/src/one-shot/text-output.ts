import { createRawStream } from '../render/raw-stream.ts';
import { toolEndLine, toolLabel } from '../agent/tool-line.ts';
import { toSafeText } from '../render/safe-text.ts';
import { createSpinner, type Spinner } from '../render/spinner.ts';
import { createStyle, wantsColor, type ColorChoice } from '../render/style.ts';
import type { OneShotOutput, Streams } from './one-shot-output.ts';

export interface TextOutputOptions extends Streams {
  isQuiet: boolean;
  /** Markdown is shown as it was written. */
  isRaw: boolean;
  showsReasoning: boolean;
  color: ColorChoice;
  environment: NodeJS.ProcessEnv;
}

interface AnswerStream {
  push(delta: string): void;
  end(): void | Promise<void>;
  abort(): void;
}

/** The answer as it comes on stdout; whatever else there is to say goes to stderr. */
export async function createTextOutput(options: TextOutputOptions): Promise<OneShotOutput> {
  const { stdout, stderr, isQuiet, showsReasoning, color: choice, environment } = options;
  let answer = await openAnswer(options);
  let hasSaid = false;
  // What the model says between two rounds of tools is shown as an answer of its own.
  let isBetween = false;
  const hasColor = wantsColor({ choice, isTerminal: stderr.isTTY, environment });
  const style = createStyle(hasColor);
  const spinner = isQuiet
    ? silentSpinner
    : createSpinner({ terminal: stderr, isPlain: environment.TERM === 'dumb' });
  const say = (text: string) => {
    if (!isQuiet) stderr.write(`synapse: ${toSafeText(text)}\n`);
  };
  let isReasoning = false;
  const endReasoning = () => {
    if (isReasoning) stderr.write('\n\n');
    isReasoning = false;
  };

  return {
    begin(session, isNew) {
      if (isNew && session.handle) say(`created session "${session.handle}"`);
      spinner.start('thinking …');
    },
    async event(event) {
      if (event.type === 'text-delta') {
        spinner.stop();
        endReasoning();
        if (isBetween) {
          if (hasSaid) stdout.write('\n');
          answer = await openAnswer(options);
          isBetween = false;
        }
        hasSaid = true;
        answer.push(event.text);
      } else if (event.type === 'reasoning-delta' && showsReasoning && stderr.isTTY && !isQuiet) {
        spinner.stop();
        isReasoning = true;
        stderr.write(style.dim(toSafeText(event.text)));
      } else if (event.type === 'tool-call') {
        spinner.stop();
        endReasoning();
        await answer.end();
        isBetween = true;
      } else if (event.type === 'tool-start') {
        spinner.start(toolLabel(event.call));
      } else if (event.type === 'tool-end') {
        spinner.stop();
        if (!isQuiet) stderr.write(`${toolEndLine(event, style)}\n`);
      } else if (event.type === 'notice') {
        spinner.stop();
        say(event.text);
        spinner.start('thinking …');
      } else if (event.type === 'storage-failed') {
        stderr.write(`synapse: THIS ANSWER IS NOT SAVED: ${toSafeText(event.error.message)}\n`);
      }
    },
    async end({ session, isSaved }) {
      spinner.stop();
      endReasoning();
      await answer.end();
      if (isSaved && stdout.isTTY && stderr.isTTY) {
        say(`go on with: synapse -c, or -s ${session.handle ?? session.id}`);
      }
    },
    fail() {
      spinner.stop();
      endReasoning();
      answer.abort();
    },
  };
}

const silentSpinner: Spinner = { start: () => undefined, stop: () => undefined };

async function openAnswer(options: TextOutputOptions): Promise<AnswerStream> {
  const { stdout, isRaw, color: choice, environment } = options;
  const write = (text: string) => void stdout.write(text);
  if (!stdout.isTTY || isRaw || environment.TERM === 'dumb') {
    const raw = createRawStream({ write, isFiltered: stdout.isTTY });
    return { ...raw, abort: () => raw.end() };
  }
  const { createMarkdownStream } = await import('../render/markdown/markdown-stream.ts');
  return createMarkdownStream({
    write,
    columns: () => stdout.columns,
    rows: () => stdout.rows,
    style: createStyle(wantsColor({ choice, isTerminal: true, environment })),
  });
}
