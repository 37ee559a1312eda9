import type { AttachmentReference, Session } from '@synapse/core';
import type { ExportFormat } from './export-format.ts';
import { argumentsOf, outputOf, toolUsesOf, type Step, type ToolUse } from './export-steps.ts';
import {
  contentsOf,
  inlinesNone,
  isCommonImage,
  noteOf,
  plainMediaType,
  textOfContents,
  type StepContent,
} from './step-contents.ts';
import { createStepFormat, strictJson, type SessionWriter } from './step-format.ts';

/**
 * The messages of OpenAI's Chat Completions, a session on each line, as services for fine-tuning read them.
 * They refuse every field that is not theirs, so that reasoning, times and usage have no place. A session
 * without messages has no line.
 */
export function createOpenaiFormat(): ExportFormat {
  return createStepFormat({
    sessions: 'many',
    inlines: isInlined,
    begin: () => '',
    openWriter,
    end: () => '',
  });
}

function openWriter({ systemPrompt }: Session): SessionWriter {
  let isEmpty = true;
  const write = (message: object): string => {
    const before = isEmpty ? `{"messages":[${systemMessage()}` : ',';
    isEmpty = false;
    return before + strictJson(message);
  };
  const systemMessage = (): string =>
    systemPrompt ? `${strictJson({ role: 'system', content: systemPrompt })},` : '';
  return {
    begin: () => '',
    step: (step) => toMessages(step).map(write).join(''),
    end: () => (isEmpty ? '' : ']}\n'),
  };
}

function isInlined(attachment: AttachmentReference): boolean {
  return isCommonImage(attachment) || plainMediaType(attachment) === 'application/pdf';
}

function toMessages(step: Step): object[] {
  if (step.role === 'user') {
    const contents = contentsOf(step, isInlined);
    const hasData = contents.some(({ type }) => type === 'data');
    const content = hasData ? contents.map(toContentPart) : textOfContents(contents);
    return [{ role: 'user', content }];
  }
  const text = textOfContents(contentsOf(step, inlinesNone));
  const uses = toolUsesOf(step);
  if (uses.length === 0) return text === '' ? [] : [{ role: 'assistant', content: text }];
  return [
    { role: 'assistant', content: text === '' ? null : text, tool_calls: uses.map(toToolCall) },
    ...uses.map(toToolMessage),
  ];
}

function toContentPart(content: StepContent): object {
  if (content.type !== 'data') return { type: 'text', text: content.text };
  const { attachment, url } = content;
  if (isCommonImage(attachment)) return { type: 'image_url', image_url: { url } };
  return { type: 'file', file: { filename: attachment.name ?? 'attachment', file_data: url } };
}

function toToolCall(use: ToolUse): object {
  const { id, name } = use;
  return { id, type: 'function', function: { name, arguments: strictJson(argumentsOf(use)) } };
}

function toToolMessage(use: ToolUse): object {
  const notes = (use.result?.attachments ?? []).map(noteOf);
  return { role: 'tool', tool_call_id: use.id, content: [outputOf(use), ...notes].join('\n') };
}
