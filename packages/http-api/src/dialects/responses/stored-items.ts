import type { JsonObject, Message, Part } from '@synapse/core';
import { toArguments } from '../answer-writer.ts';
import { callItem, messageItem, reasoningItem } from './responses-items.ts';

/** The items of a conversation, as a client would send them: several for one message. */
export function toStoredItems({ id, role, parts }: Message): JsonObject[] {
  const place = (index: number) => `${id}_${index}`;
  switch (role) {
    case 'user':
      return [
        {
          ...{ type: 'message', id: `msg_${place(0)}`, status: 'completed', role },
          content: parts.flatMap(toInput),
        },
      ];
    case 'assistant':
      return parts.flatMap((part, index) => {
        if (part.type === 'text') {
          return [messageItem(`msg_${place(index)}`, part.text, part.replay ?? null)];
        }
        if (part.type === 'reasoning') {
          return [reasoningItem(`rs_${place(index)}`, part.text, part.replay ?? null)];
        }
        if (part.type !== 'tool-call') return [];
        return [callItem(`fc_${place(index)}`, part.id, part.name, toArguments(part))];
      });
    case 'tool':
      return parts.flatMap((part, index) =>
        part.type === 'tool-result'
          ? [
              {
                ...{ type: 'function_call_output', id: `fco_${place(index)}`, call_id: part.id },
                ...{ output: part.output, status: 'completed' },
              },
            ]
          : [],
      );
    default:
      return [];
  }
}

/** The message of an item, and its place there; null for another id. */
export function readItemId(itemId: string): { messageId: string; index: number } | null {
  const [, messageId, index] = /^[a-z]{2,3}_([0-9a-f-]{36})_(\d{1,6})$/.exec(itemId) ?? [];
  return messageId === undefined ? null : { messageId, index: Number(index) };
}

/** The bytes of attachments are not repeated. */
function toInput(part: Part): JsonObject[] {
  switch (part.type) {
    case 'text':
      return [{ type: 'input_text', text: part.text }];
    case 'image':
      return [{ type: 'input_image', detail: 'auto', file_id: null, image_url: null }];
    case 'file':
      return [{ type: 'input_file', file_id: null, filename: part.attachment.name }];
    default:
      return [];
  }
}
