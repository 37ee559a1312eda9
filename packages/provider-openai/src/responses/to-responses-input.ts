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
import { RESPONSES_DIALECT } from './responses-item.ts';

type Item = OpenAI.Responses.ResponseInputItem;
type Content = OpenAI.Responses.ResponseInputContent;

const CALL_ID = /^[a-zA-Z0-9_-]{1,64}$/;
const CALL_ID_LENGTH = 24;

export function toResponsesInput(messages: readonly RequestMessage[]): Item[] {
  const items: Item[] = [];
  const thoughts = new Set<string>();
  for (const message of messages) {
    switch (message.role) {
      case 'user':
        items.push({ role: 'user', content: message.parts.map(toContent) });
        break;
      case 'assistant':
        addAnswer(items, message.parts, thoughts);
        break;
      case 'tool':
        items.push(...message.parts.map(toResult));
    }
  }
  return items;
}

type AnswerPart = Extract<RequestMessage, { role: 'assistant' }>['parts'][number];

function addAnswer(items: Item[], parts: readonly AnswerPart[], thoughts: Set<string>): void {
  const start = items.length;
  for (const part of parts) {
    const item = toAnswerItem(part);
    if (item === null) continue;
    // OpenAI refuses repeated reasoning; an imported or merged history may contain it.
    if (isThought(item) && thoughts.has(item.id)) continue;
    if (isThought(item)) thoughts.add(item.id);
    items.push(item);
  }
  // OpenAI refuses reasoning without the item that follows it; an interrupted answer may end that
  // way.
  while (items.length > start && isThought(items.at(-1))) items.pop();
}

function isThought(item: Item | undefined): item is OpenAI.Responses.ResponseReasoningItem {
  return item !== undefined && 'type' in item && item.type === 'reasoning';
}

function toAnswerItem(part: AnswerPart): Item | null {
  switch (part.type) {
    case 'text':
      return part.text === '' ? null : toMessageItem(part);
    case 'reasoning':
      return toReasoningItem(part);
    case 'tool-call':
      return {
        type: 'function_call',
        call_id: toCallId(part.id),
        name: part.name,
        arguments: JSON.stringify(part.input),
      };
  }
}

/** OpenAI labels text before the final answer, and expects the labels back. */
function toMessageItem({ text, replay }: TextPart): Item {
  const phase = replay?.dialect === RESPONSES_DIALECT ? toRecord(replay.data).phase : undefined;
  const isKnown = phase === 'commentary' || phase === 'final_answer';
  return { role: 'assistant', content: text, ...(isKnown && { phase }) };
}

/** Only encrypted reasoning is useful to a server that stored nothing. */
function toReasoningItem({ replay }: ReasoningPart): Item | null {
  if (replay?.dialect !== RESPONSES_DIALECT) return null;
  const { id, encrypted_content, summary } = toRecord(replay.data);
  if (toText(id) === '' || toText(encrypted_content) === '') return null;
  const texts = Array.isArray(summary) ? summary.map(toText) : [];
  return {
    type: 'reasoning',
    id: toText(id),
    summary: texts.map((text) => ({ type: 'summary_text', text })),
    encrypted_content: toText(encrypted_content),
  };
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
