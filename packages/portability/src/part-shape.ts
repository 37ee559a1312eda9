import type { AttachmentReference, Part, Replay } from '@synapse/core';
import {
  count,
  flag,
  json,
  jsonObject,
  list,
  nullable,
  oneOf,
  optional,
  record,
  text,
  textThat,
  type Shape,
} from './shape.ts';

const sha256 = textThat((value) => /^[0-9a-f]{64}$/.test(value), 'a SHA-256 in hexadecimal');

const reference = record((field): AttachmentReference => ({
  sha256: field('sha256', sha256),
  mediaType: field('mediaType', text),
  name: field('name', nullable(text)),
  byteLength: field('byteLength', count),
}));

const replay = record((field): Replay => {
  const prefix = field('prefix', optional(text));
  return {
    dialect: field('dialect', text),
    data: field('data', json) ?? null,
    ...(field('isBound', optional(flag)) === true && { isBound: true }),
    ...(prefix !== undefined && { prefix }),
  };
});

const refused = record((field) => ({
  seq: field('seq', count),
  provider: field('provider', text),
  model: field('model', text),
}));

const type = oneOf(
  ...(['text', 'reasoning', 'tool-call', 'tool-result', 'image', 'file'] as const),
  ...(['context', 'title', 'raw'] as const),
);

export const partShape: Shape<Part> = record((field): Part => {
  const kind = field('type', type);
  switch (kind) {
    case 'title':
      return { type: kind, text: field('text', text) };
    case 'context': {
      const refusals = field('refused', optional(list(refused)));
      return {
        type: kind,
        summary: field('summary', nullable(text)),
        summarySeq: field('summarySeq', count),
        leftOutSeq: field('leftOutSeq', count),
        collapsedSeq: field('collapsedSeq', count),
        prunedSeq: field('prunedSeq', count),
        pinnedSeqs: field('pinnedSeqs', list(count)),
        ...(refusals && { refused: refusals }),
      };
    }
    case 'raw':
      return { type: kind, kind: field('kind', text), data: field('data', json) ?? null };
    case 'text': {
      const replayed = field('replay', optional(replay));
      return {
        ...{ type: kind, text: field('text', text) },
        ...(field('isInjected', optional(flag)) === true && { isInjected: true }),
        ...(replayed && { replay: replayed }),
      };
    }
    case 'reasoning': {
      const replayed = field('replay', optional(replay));
      return { type: kind, text: field('text', text), ...(replayed && { replay: replayed }) };
    }
    case 'tool-call': {
      const invalidInput = field('invalidInput', optional(text));
      const replayed = field('replay', optional(replay));
      return {
        type: kind,
        id: field('id', text),
        name: field('name', text),
        input: field('input', jsonObject),
        ...(invalidInput !== undefined && { invalidInput }),
        ...(replayed && { replay: replayed }),
      };
    }
    case 'tool-result': {
      const attachments = field('attachments', optional(list(reference)));
      return {
        type: kind,
        id: field('id', text),
        name: field('name', text),
        output: field('output', text),
        isError: field('isError', flag),
        ...(attachments && { attachments }),
      };
    }
    case 'image':
    case 'file':
      return { type: kind, attachment: field('attachment', reference) };
  }
});
