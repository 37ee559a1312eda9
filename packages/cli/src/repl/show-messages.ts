import { toUsd, type Message, type Part } from '@synapse/core';
import { exportContext } from '@synapse/portability';
import { toByteSize, toDollars, toShortNumber } from '@synapse/core/words';
import { toSafeText } from '@synapse/terminal';
import { renderMarkdown } from '@synapse/terminal/markdown';
import type { Display } from './display.ts';

const longestNote = 160;

/** Stored messages in the form of the live output, for the terminal or a program. */
export async function showMessages(
  messages: readonly Message[],
  display: Display,
): Promise<string> {
  const shown: string[] = [];
  for (const message of messages) {
    if (message.role === 'user') shown.push(`${await showParts(message, display, '> ')}\n`);
    else shown.push(`${await showParts(message, display, '')}${statusOf(message, display)}\n`);
  }
  return shown.join('');
}

async function showParts(message: Message, display: Display, mark: string): Promise<string> {
  let shown = '';
  for (const part of message.parts) {
    if (part.type !== 'text') shown += display.style.dim(toSafeText(noteOn(part)));
    else if (mark !== '' || display.isRaw || !display.isTerminal || display.options.isPlain) {
      shown += toSafeText(part.text).replace(/^/gm, mark).trimEnd() + '\n';
    } else {
      shown += await renderMarkdown(part.text, { columns: display.columns, style: display.style });
    }
  }
  return mark === '' ? shown : display.style.cyan(shown.trimEnd()) + '\n';
}

function noteOn(part: Exclude<Part, { type: 'text' }>): string {
  switch (part.type) {
    case 'reasoning':
      return '';
    case 'tool-call':
      return `→ ${part.name} ${JSON.stringify(part.input).slice(0, longestNote)}\n`;
    case 'tool-result':
      return `← ${part.name}${part.isError ? ' failed' : ''}: ${part.output.slice(0, longestNote)}\n`;
    case 'context':
      return `(${exportContext(part)})\n`;
    case 'title':
      return `(titled: ${part.text})\n`;
    case 'raw':
      return `[${part.kind}]\n`;
    case 'image':
    case 'file': {
      const { name, mediaType, byteLength } = part.attachment;
      return `[${part.type} ${name ?? mediaType}, ${toByteSize(byteLength)}]\n`;
    }
  }
}

function statusOf({ status, error, model }: Message, { style }: Display): string {
  if (status === 'complete') return '';
  const why = error && status === 'failed' ? `: ${error.message}` : '';
  return `${style.dim(toSafeText(`(${model ?? 'the answer'} · ${status}${why})`))}\n`;
}

/** The figures of one answer, as `/verbose` and `/cost` show them. */
export function figuresLine(message: Pick<Message, 'usage' | 'cost' | 'model'>): string {
  const { usage, cost, model } = message;
  const about = usage?.estimated ? 'about ' : '';
  return [
    model ?? 'unknown model',
    `${about}${toShortNumber(usage?.inputTokens)} in`,
    `${toShortNumber(usage?.outputTokens)} out`,
    toDollars(cost && toUsd(cost.nanoUsd)),
  ].join(' · ');
}
