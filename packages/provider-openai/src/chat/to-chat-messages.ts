import type { LoadedFile, LoadedImage, RequestMessage, TextPart } from '@synapse/core';
import type { ServerQuirks } from '@synapse/core/models';
import type { OpenAI } from 'openai';
import { fitCallId, toRecord, toText } from '@synapse/provider-http';
import { attachmentNote, fileText, isImageType, toDataUrl } from '../attachment-text.ts';
import { callFields, messageFields } from './chat-replay.ts';

type ChatMessage = OpenAI.Chat.ChatCompletionMessageParam;
type UserMessage = OpenAI.Chat.ChatCompletionUserMessageParam;
type Content = OpenAI.Chat.ChatCompletionContentPart;
type Of<Role> = Extract<RequestMessage, { role: Role }>['parts'];

export function toChatMessages(
  messages: readonly RequestMessage[],
  quirks: ServerQuirks,
): ChatMessage[] {
  const merged: ChatMessage[] = [];
  for (const message of messages.flatMap((message) => toMessages(message, quirks))) {
    const last = merged.at(-1);
    if (message.role === 'user' && last?.role === 'user') {
      // An answer without content to repeat was left out between the two.
      last.content = joinContent(last, message);
      continue;
    }
    if (message.role === 'user' && last?.role === 'tool' && quirks.needsAnswerAfterTool) {
      merged.push({ role: 'assistant', content: 'Understood.' });
    }
    merged.push(message);
  }
  if (quirks.needsReasoning || merged.some((message) => 'reasoning_content' in message)) {
    addMissingReasoning(merged);
  }
  const single = quirks.takesOneCall ? splitCalls(merged) : merged;
  if (quirks.needsSignatures) addMissingSignatures(single);
  return single;
}

/** As if the model had made each call after the result of the one before. */
function splitCalls(messages: readonly ChatMessage[]): ChatMessage[] {
  const results = new Map(
    messages.flatMap((message) =>
      message.role === 'tool' ? [[message.tool_call_id, message] as const] : [],
    ),
  );
  return messages.flatMap((message): ChatMessage[] => {
    if (message.role === 'tool') return [];
    if (message.role !== 'assistant' || !message.tool_calls) return [message];
    return message.tool_calls.flatMap((call, index) => {
      const result = results.get(call.id);
      const said = index === 0 ? message : { ...message, content: null };
      return [{ ...said, tool_calls: [call] }, ...(result ? [result] : [])];
    });
  });
}

/** Google's own placeholder for calls that another model made. */
const SIGNATURE_OF_OTHERS = 'skip_thought_signature_validator';

/** The signature of an answer is on its first call. */
function addMissingSignatures(messages: ChatMessage[]): void {
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'assistant' || !message.tool_calls) continue;
    const [first, ...others] = message.tool_calls;
    if (!first) continue;
    const extra = toRecord('extra_content' in first ? first.extra_content : null);
    const google = toRecord(extra.google);
    if (toText(google.thought_signature).trim() !== '') continue;
    const signed = { ...google, thought_signature: SIGNATURE_OF_OTHERS };
    const call = { ...first, extra_content: { ...extra, google: signed } };
    messages[index] = { ...message, tool_calls: [call, ...others] };
  }
}

/**
 * A server that sends reasoning in this field refuses calls without it, even those of other models.
 * Kimi treats an empty text as missing.
 */
function addMissingReasoning(messages: ChatMessage[]): void {
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'assistant' || !message.tool_calls) continue;
    messages[index] = { ...{ reasoning_content: ' ' }, ...message };
  }
}

function toMessages(message: RequestMessage, quirks: ServerQuirks): ChatMessage[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: toContent(message.parts, quirks) }];
    case 'assistant':
      return toAssistantMessage(message.parts, quirks);
    case 'tool':
      return toToolMessages(message.parts, quirks);
  }
}

/** Plain text if there is only text: not every server accepts parts. */
function toContent(
  parts: readonly (TextPart | LoadedImage | LoadedFile)[],
  quirks: ServerQuirks,
): UserMessage['content'] {
  const content = parts.map((part) => toContentPart(part, quirks));
  const texts = content.filter((part) => part.type === 'text');
  if (texts.length < content.length) return content;
  return texts.map(({ text }) => text).join('\n\n');
}

function toContentPart(part: TextPart | LoadedImage | LoadedFile, quirks: ServerQuirks): Content {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { mediaType, name } = part.attachment;
  if (part.type === 'image') {
    if (!isImageType(mediaType)) return { type: 'text', text: attachmentNote(part) };
    return { type: 'image_url', image_url: { url: toDataUrl(part) } };
  }
  if (mediaType === 'application/pdf' && quirks.supportsFiles) {
    const file = { filename: name ?? 'document.pdf', file_data: toDataUrl(part) };
    return { type: 'file', file };
  }
  return { type: 'text', text: fileText(part) ?? attachmentNote(part) };
}

function toAssistantMessage(parts: Of<'assistant'>, quirks: ServerQuirks): ChatMessage[] {
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const toolCalls = parts
    .filter((part) => part.type === 'tool-call')
    .map((part) => ({
      ...callFields(part),
      id: toCallId(part.id, quirks),
      type: 'function' as const,
      function: { name: part.name, arguments: JSON.stringify(part.input) },
    }));
  if (text === '' && toolCalls.length === 0) return [];
  return [
    {
      ...messageFields(parts),
      role: 'assistant',
      content: text === '' ? null : text,
      ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
    },
  ];
}

/** A result can only be text here, so its images follow in a message of their own. */
function toToolMessages(results: Of<'tool'>, quirks: ServerQuirks): ChatMessage[] {
  const messages: ChatMessage[] = results.map(({ id, output }) => ({
    role: 'tool',
    tool_call_id: toCallId(id, quirks),
    content: output,
  }));
  const images = results.flatMap((result) => result.images);
  if (images.length === 0) return messages;
  const introduction: TextPart = { type: 'text', text: 'The images that the tools returned:' };
  return [...messages, { role: 'user', content: toContent([introduction, ...images], quirks) }];
}

function toCallId(id: string, { toolCallIdPattern, toolCallIdLength }: ServerQuirks): string {
  return fitCallId(id, toolCallIdPattern, toolCallIdLength);
}

function joinContent(first: UserMessage, second: UserMessage): UserMessage['content'] {
  if (typeof first.content === 'string' && typeof second.content === 'string') {
    return `${first.content}\n\n${second.content}`;
  }
  return [...asParts(first.content), ...asParts(second.content)];
}

function asParts(content: UserMessage['content']): Content[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
