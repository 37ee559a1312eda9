import type { OpenAI } from 'openai';
import type {
  LoadedFile,
  LoadedImage,
  LoadedToolResult,
  ReasoningPart,
  RequestMessage,
  TextPart,
} from '@synapse/core';
import { fitCallId, toRecord, toText } from '@synapse/provider-http';
import { attachmentNote, fileText, isImageType, toDataUrl } from '../attachment-text.ts';
import { RESPONSES_DIALECT } from './responses-dialect.ts';

type Item = OpenAI.Responses.ResponseInputItem;
type Content = OpenAI.Responses.ResponseInputContent;

const CALL_ID = /^[a-zA-Z0-9_-]{1,64}$/;
const CALL_ID_LENGTH = 24;

export function toResponsesInput(messages: readonly RequestMessage[]): Item[] {
  // A thought that comes twice is refused; a history that was put together may hold such.
  const thoughts = new Set<string>();
  const isNew = (item: Item) => {
    if (!('type' in item) || item.type !== 'reasoning') return true;
    return !thoughts.has(item.id) && thoughts.add(item.id).size > 0;
  };
  return messages.flatMap((message): Item[] => {
    switch (message.role) {
      case 'user':
        return [{ role: 'user', content: message.parts.map(toContent) }];
      case 'assistant':
        return withoutLastThoughts(message.parts.flatMap(toAnswerItem).filter(isNew));
      case 'tool':
        return message.parts.map(toResult);
    }
  });
}

function toAnswerItem(
  part: Extract<RequestMessage, { role: 'assistant' }>['parts'][number],
): Item[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ role: 'assistant', content: part.text }];
    case 'reasoning':
      return toReasoningItem(part);
    case 'tool-call':
      return [
        {
          type: 'function_call',
          call_id: toCallId(part.id),
          name: part.name,
          arguments: JSON.stringify(part.input),
        },
      ];
  }
}

/** Only thoughts that are sealed mean something to a server that stored nothing. */
function toReasoningItem({ replay }: ReasoningPart): Item[] {
  if (replay?.dialect !== RESPONSES_DIALECT) return [];
  const { id, encrypted_content, summary } = toRecord(replay.data);
  if (toText(id) === '' || toText(encrypted_content) === '') return [];
  const texts = Array.isArray(summary) ? summary.map(toText) : [];
  return [
    {
      type: 'reasoning',
      id: toText(id),
      summary: texts.map((text) => ({ type: 'summary_text', text })),
      encrypted_content: toText(encrypted_content),
    },
  ];
}

/** Thoughts without what they led to would be refused; an interrupted answer ends in such. */
function withoutLastThoughts(items: Item[]): Item[] {
  const last = items.findLastIndex((item) => !('type' in item && item.type === 'reasoning'));
  return items.slice(0, last + 1);
}

function toResult({ id, output, images }: LoadedToolResult): Item {
  const text: Content[] = output === '' ? [] : [{ type: 'input_text', text: output }];
  return {
    type: 'function_call_output',
    call_id: toCallId(id),
    output: images.length === 0 ? output : [...text, ...images.map(toContent)],
  };
}

function toContent(part: TextPart | LoadedImage | LoadedFile): Content {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  const { mediaType, name } = part.attachment;
  if (part.type === 'image') {
    if (!isImageType(mediaType)) return { type: 'input_text', text: attachmentNote(part) };
    return { type: 'input_image', detail: 'auto', image_url: toDataUrl(part) };
  }
  if (mediaType === 'application/pdf') {
    const filename = name ?? 'document.pdf';
    return { type: 'input_file', filename, file_data: toDataUrl(part) };
  }
  return { type: 'input_text', text: fileText(part) ?? attachmentNote(part) };
}

function toCallId(id: string): string {
  return fitCallId(id, CALL_ID, CALL_ID_LENGTH);
}
