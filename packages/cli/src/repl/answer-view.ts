import type { TurnEvent } from '@synapse/core';
import { createRawStream } from '../render/raw-stream.ts';
import { createSafeText } from '../render/safe-text.ts';
import { createSpinner } from '../render/spinner.ts';
import type { Display } from './display.ts';

/** Shows one answer while it comes. */
export interface AnswerView {
  event(event: TurnEvent): void;
  end(): Promise<void>;
  /** Leaves what has come as it is. */
  abort(): void;
}

interface AnswerStream {
  push(delta: string): void;
  end(): void | Promise<void>;
  abort(): void;
}

/** `showsReasoning` is for terminals only: a program that reads along wants the answer. */
export async function openAnswerView(
  display: Display,
  { showsReasoning }: { showsReasoning: boolean },
): Promise<AnswerView> {
  const { stdout, isPlain } = display.options;
  const answer = await openStream(display);
  const isStill = isPlain || !display.isTerminal;
  const spinner = createSpinner({ terminal: stdout, isPlain: isStill });
  const reasoning = createSafeText();
  let isReasoning = false;
  const endReasoning = () => {
    if (isReasoning) stdout.write(`${display.style.dim(reasoning.flush())}\n\n`);
    isReasoning = false;
  };
  if (!isStill) spinner.start('thinking …');

  return {
    event(event) {
      switch (event.type) {
        case 'text-delta':
          spinner.stop();
          endReasoning();
          answer.push(event.text);
          break;
        case 'reasoning-delta':
          if (!showsReasoning || !display.isTerminal) break;
          spinner.stop();
          isReasoning = true;
          stdout.write(display.style.dim(reasoning.push(event.text)));
          break;
        case 'notice':
          display.say(event.text);
          break;
        case 'storage-failed':
          display.say(`THIS ANSWER IS NOT SAVED: ${event.error.message}`);
          break;
        case 'reasoning-end':
        case 'tool-call-start':
        case 'tool-call-delta':
        case 'tool-call':
        case 'turn-end':
        case 'message-stored':
        case 'turn-result':
          break;
      }
    },
    async end() {
      spinner.stop();
      endReasoning();
      await answer.end();
    },
    abort() {
      spinner.stop();
      endReasoning();
      answer.abort();
    },
  };
}

async function openStream(display: Display): Promise<AnswerStream> {
  const { stdout, isPlain } = display.options;
  const write = (text: string) => void stdout.write(text);
  if (!display.isTerminal || isPlain || display.isRaw) {
    const raw = createRawStream({ write, isFiltered: stdout.isTTY });
    return { ...raw, abort: () => raw.end() };
  }
  const { createMarkdownStream } = await import('../render/markdown/markdown-stream.ts');
  return createMarkdownStream({
    write,
    columns: () => stdout.columns,
    rows: () => stdout.rows,
    style: display.style,
  });
}
