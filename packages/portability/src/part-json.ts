import type { AttachmentReference, Part, Replay } from '@synapse/core';

/** A part with its fields in one order, so that the same parts are the same text. */
export function partToJson(part: Part): object {
  switch (part.type) {
    case 'title':
      return { type: part.type, text: part.text };
    case 'context': {
      const { type, summary, summarySeq, leftOutSeq, collapsedSeq, prunedSeq, pinnedSeqs } = part;
      const { refused } = part;
      return {
        ...{ type, summary, summarySeq, leftOutSeq, collapsedSeq, prunedSeq, pinnedSeqs },
        ...(refused && {
          refused: refused.map(({ seq, provider, model }) => ({ seq, provider, model })),
        }),
      };
    }
    case 'raw':
      return { type: part.type, kind: part.kind, data: part.data };
    case 'text': {
      const { type, text, isInjected, replay } = part;
      return {
        ...{ type, text },
        ...(isInjected && { isInjected }),
        ...(replay && { replay: replayToJson(replay) }),
      };
    }
    case 'reasoning': {
      const { type, text, replay } = part;
      return { type, text, ...(replay && { replay: replayToJson(replay) }) };
    }
    case 'tool-call': {
      const { type, id, name, input, invalidInput, replay } = part;
      return {
        ...{ type, id, name, input },
        ...(invalidInput !== undefined && { invalidInput }),
        ...(replay && { replay: replayToJson(replay) }),
      };
    }
    case 'tool-result': {
      const { type, id, name, output, isError, attachments } = part;
      return {
        ...{ type, id, name, output, isError },
        ...(attachments && { attachments: attachments.map(referenceToJson) }),
      };
    }
    case 'image':
    case 'file':
      return { type: part.type, attachment: referenceToJson(part.attachment) };
  }
}

function replayToJson({ dialect, data, isBound, prefix }: Replay): object {
  return { dialect, data, ...(isBound && { isBound }), ...(prefix !== undefined && { prefix }) };
}

function referenceToJson({ sha256, mediaType, name, byteLength }: AttachmentReference): object {
  return { sha256, mediaType, name, byteLength };
}
