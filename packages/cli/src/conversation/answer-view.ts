import type { TurnEvent } from '@synapse/core/conversation';
import { toDuration } from '@synapse/core/words';
import {
  deferOutput,
  createRawStream,
  createSafeText,
  createWordStream,
  type Spinner,
  type Style,
} from '@synapse/terminal';
import { toolEndLines, toolLabel } from '../agent/tool-line.ts';

/** Shows the answers of one turn while they come. */
export interface AnswerView {
  event(event: TurnEvent): Promise<void>;
  end(): Promise<void>;
  /** Leaves the output so far unchanged. */
  abort(): void;
}

export interface AnswerViewOptions {
  stdout: NodeJS.WriteStream;
  /** Whether answers are rendered, or shown as they were written. */
  isRendered: boolean;
  /** The style of the answer on stdout, and of the lines around it. */
  answerStyle: Style;
  asideStyle: Style;
  spinner: Spinner;
  /** How reasoning is shown: as it streams, only its duration, or not at all. */
  reasoning: 'shown' | 'folded' | 'hidden';
  /** The stream for reasoning and the lines of tools. */
  writeAside: (text: string) => void;
  /** The width of that stream; null if it is no terminal. */
  asideColumns: () => number | null;
  /** Whether the end of what a command printed is shown. */
  showsOutput: boolean;
  notify: (text: string) => void;
  /** Notices that must be shown even in quiet mode. */
  warn: (text: string) => void;
}

interface AnswerStream {
  push(delta: string): void;
  end(): void | Promise<void>;
  abort(): void;
}

export async function createAnswerView(options: AnswerViewOptions): Promise<AnswerView> {
  const { stdout, asideStyle, spinner, writeAside, notify, showsOutput } = options;
  const lineOptions = () => ({ style: asideStyle, columns: options.asideColumns(), showsOutput });
  let answer = await openStream(options);
  let hasSaid = false;
  // Text between two rounds of tools is shown as an answer of its own.
  let isBetween = false;
  const thoughts = createThoughts(options);
  let release: (() => void) | undefined;
  const hold = () => (release ??= deferOutput());
  const letGo = () => {
    release?.();
    release = undefined;
  };
  /** A notice between parts of the answer gets a line of its own. */
  const endText = async () => {
    await answer.end();
    letGo();
    isBetween = true;
  };

  return {
    async event(event) {
      switch (event.type) {
        case 'text-delta':
          spinner.stop();
          thoughts.end();
          if (isBetween) {
            if (hasSaid) stdout.write('\n');
            answer = await openStream(options);
            isBetween = false;
          }
          hasSaid = true;
          hold();
          answer.push(event.text);
          break;
        case 'reasoning-delta':
          if (options.reasoning === 'shown') hold();
          else spinner.start('thinking …');
          thoughts.push(event.text);
          break;
        case 'tool-call-start':
          thoughts.end();
          await endText();
          spinner.start(`writing the call of ${event.name} …`);
          break;
        case 'tool-call':
          spinner.stop();
          thoughts.end();
          await endText();
          break;
        case 'tool-approval':
          spinner.stop();
          break;
        case 'tool-start':
          spinner.start(toolLabel(event.call));
          break;
        case 'tool-end':
          spinner.stop();
          writeAside(`${await toolEndLines(event, lineOptions())}\n`);
          spinner.start('waiting …');
          break;
        case 'notice':
          spinner.stop();
          await endText();
          notify(event.text);
          spinner.start('waiting …');
          break;
        case 'storage-failed':
          await endText();
          options.warn(`THIS ANSWER IS NOT SAVED: ${event.error.message}`);
          break;
        case 'started':
        case 'usage':
        case 'text-end':
        case 'reasoning-end':
        case 'tool-call-delta':
        case 'turn-end':
        case 'message-stored':
        case 'turn-result':
          break;
      }
    },
    async end() {
      spinner.stop();
      thoughts.end();
      await answer.end();
      letGo();
    },
    abort() {
      spinner.stop();
      thoughts.end();
      answer.abort();
      letGo();
    },
  };
}

function createThoughts(options: AnswerViewOptions) {
  const { reasoning, asideStyle, spinner, writeAside } = options;
  const openWords = () => createWordStream(() => options.asideColumns() ?? Infinity);
  let safe = createSafeText();
  let words = openWords();
  let sinceMs: number | null = null;
  return {
    push(text: string) {
      sinceMs ??= performance.now();
      if (reasoning !== 'shown') return;
      spinner.stop();
      const shown = words.push(safe.push(text));
      if (shown !== '') writeAside(asideStyle.dim(shown));
    },
    end() {
      if (sinceMs === null) return;
      const tookMs = performance.now() - sinceMs;
      sinceMs = null;
      const last = words.push(safe.flush()) + words.flush();
      if (reasoning === 'shown') writeAside(`${asideStyle.dim(last)}\n\n`);
      if (reasoning === 'folded') writeAside(asideStyle.dim(`thought for ${toDuration(tookMs)}\n`));
      safe = createSafeText();
      words = openWords();
    },
  };
}

async function openStream(options: AnswerViewOptions): Promise<AnswerStream> {
  const { stdout, isRendered, answerStyle: style } = options;
  const write = (text: string) => void stdout.write(text);
  if (!isRendered) {
    const raw = createRawStream({ write, isFiltered: stdout.isTTY });
    return { ...raw, abort: () => raw.end() };
  }
  const { createMarkdownStream } = await import('@synapse/terminal/markdown');
  return createMarkdownStream({
    ...{ write, style },
    columns: () => stdout.columns,
    rows: () => stdout.rows,
  });
}
