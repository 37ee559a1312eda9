import type { Message, Part, ToolCallPart, ToolResultPart } from '@synapse/core';
import { exportContext } from '@synapse/portability';
import { toByteSize, toDollars, toShortNumber } from '@synapse/core/words';
import { toOneLine } from './name-of.ts';

/** A visible piece of a message: its text, or a note about the rest. */
export interface TranscriptBlock {
  kind: 'heading' | 'text' | 'reasoning' | 'note';
  text: string;
}

export interface TranscriptOptions {
  showsReasoning: boolean;
  /** How a time is formatted. */
  timeOf: (date: Date) => string;
}

const LONGEST_NOTE = 160;

export function toTranscript(message: Message, options: TranscriptOptions): TranscriptBlock[] {
  return [
    { kind: 'heading', text: headingOf(message, options) },
    ...message.parts.flatMap((part) => [toBlock(part, options), ...summaryOf(part)]),
    ...(message.error ? [note(`failed: ${message.error.message}`)] : []),
  ];
}

function headingOf(message: Message, { timeOf }: TranscriptOptions): string {
  const { seq, role, status, provider, model, usage, cost, createdAt } = message;
  const parts = [
    `#${seq} ${role}`,
    model && (provider ? `${provider}/${model}` : model),
    timeOf(createdAt),
    usage && `${toShortNumber(usage.inputTokens)} in, ${toShortNumber(usage.outputTokens)} out`,
    cost && toDollars(cost.nanoUsd / 1e9),
    status !== 'complete' && status,
    !message.active && 'not in the conversation',
  ];
  return toOneLine(parts.filter(Boolean).join(' · '));
}

function toBlock(part: Part, { showsReasoning }: TranscriptOptions): TranscriptBlock {
  switch (part.type) {
    case 'text':
      return { kind: 'text', text: part.text };
    case 'reasoning':
      return showsReasoning
        ? { kind: 'reasoning', text: part.text }
        : note(`thought in ${wordCount(part.text)} words; --reasoning shows them`);
    case 'tool-call':
      return describeCall(part);
    case 'tool-result':
      return describeResult(part);
    case 'context':
      return note(exportContext(part));
    case 'title':
      return note(`titled: ${part.text}`);
    case 'raw':
      return note(`[${part.kind}] ${JSON.stringify(part.data).slice(0, LONGEST_NOTE)}`);
    case 'image':
    case 'file': {
      const { name, mediaType, byteLength } = part.attachment;
      return note(`[${part.type} ${name ?? mediaType}, ${toByteSize(byteLength)}]`);
    }
  }
}

function summaryOf(part: Part): TranscriptBlock[] {
  if (part.type !== 'context' || part.summary === null) return [];
  return [{ kind: 'reasoning', text: part.summary }];
}

function describeCall({ name, input, invalidInput }: ToolCallPart): TranscriptBlock {
  return note(`→ ${name} ${invalidInput ?? JSON.stringify(input)}`);
}

function describeResult({ name, output, isError }: ToolResultPart): TranscriptBlock {
  const lines = output.trimEnd().split('\n').length;
  const size = lines > 1 ? ` (${lines} lines)` : '';
  return note(`← ${name}${isError ? ' failed' : ''}${size}: ${output.slice(0, 4 * LONGEST_NOTE)}`);
}

function note(text: string): TranscriptBlock {
  const line = toOneLine(text.slice(0, 8 * LONGEST_NOTE));
  return {
    kind: 'note',
    text: line.length > LONGEST_NOTE ? `${line.slice(0, LONGEST_NOTE).toWellFormed()}…` : line,
  };
}

function wordCount(text: string): number {
  return text.split(/\s+/).filter(Boolean).length;
}
