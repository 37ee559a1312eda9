import type { ModelRequest } from '../ports/model-provider.ts';
import type { Part } from '../session/part.ts';
import type { Usage } from '../session/usage.ts';
import { estimateTokens } from './estimate-tokens.ts';

// What a message costs beside its text: its role and where it begins and ends.
const MESSAGE_TOKENS = 4;
// Names of parameters and marks around them, measured on recorded answers: some write tags, some JSON.
const CALL_TOKENS = { tags: 28, json: 11 };
const WRITES_TAGS = /claude|deepseek/i;
// About what a picture of a common size counts for at most providers.
const IMAGE_TOKENS = 1500;
// The name of a file, or a word where it can't be sent.
const FILE_TOKENS = 40;
// A page of a document is about 40 kB and counts about 2000 tokens, as text and as a picture.
const BYTES_PER_TOKEN = { text: 4, document: 20 };

type Sendable = Part | ModelRequest['messages'][number]['parts'][number];

type SentRequest = Pick<ModelRequest, 'systemPrompt' | 'tools'> & {
  model?: string;
  messages: readonly { parts: readonly Sendable[] }[];
};

/** What a request is likely to count for, before it is sent. */
export function estimateRequestTokens(request: SentRequest): number {
  const { systemPrompt, tools, messages, model } = request;
  const texts = messages.map(({ parts }) => MESSAGE_TOKENS + estimatePartsTokens(parts, model));
  if (systemPrompt !== null) texts.push(MESSAGE_TOKENS + estimateTokens(systemPrompt));
  if (tools.length > 0) texts.push(estimateTokens(JSON.stringify(tools)));
  return texts.reduce((sum, tokens) => sum + tokens, 0);
}

export function estimateMessageTokens({ parts }: { parts: readonly Sendable[] }): number {
  return MESSAGE_TOKENS + estimatePartsTokens(parts);
}

export function estimateMessagesTokens(
  messages: readonly { parts: readonly Sendable[] }[],
): number {
  return messages.reduce((sum, message) => sum + estimateMessageTokens(message), 0);
}

/**
 * Stands in for the figures that a provider does not give. `counted` is what it gave before it was
 * done: its input is known, of its output more may have come.
 */
export function estimateUsage(
  request: SentRequest,
  answer: readonly Part[],
  counted: Usage | null = null,
): Usage {
  const reasoning = answer.filter(({ type }) => type === 'reasoning');
  const output = {
    outputTokens: estimatePartsTokens(answer, request.model),
    reasoningTokens: estimatePartsTokens(reasoning, request.model),
  };
  if (counted) {
    return {
      ...counted,
      outputTokens: Math.max(counted.outputTokens, output.outputTokens),
      reasoningTokens: Math.max(counted.reasoningTokens, output.reasoningTokens),
      estimated: true,
    };
  }
  return {
    inputTokens: estimateRequestTokens(request),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    ...output,
    estimated: true,
  };
}

function estimatePartsTokens(parts: readonly Sendable[], model = ''): number {
  return parts.reduce((sum, part) => sum + partTokens(part, model), 0);
}

function partTokens(part: Sendable, model: string): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'title':
      return estimateTokens(part.text);
    case 'context':
      return estimateTokens(part.summary ?? '');
    case 'tool-call': {
      const call = estimateTokens(part.name + (part.invalidInput ?? JSON.stringify(part.input)));
      return call + (WRITES_TAGS.test(model) ? CALL_TOKENS.tags : CALL_TOKENS.json);
    }
    case 'tool-result':
      return MESSAGE_TOKENS + estimateTokens(part.output) + countImages(part) * IMAGE_TOKENS;
    case 'image':
      return IMAGE_TOKENS;
    case 'file': {
      const { mediaType, byteLength } = part.attachment;
      const kind = mediaType.startsWith('text/') ? 'text' : 'document';
      return FILE_TOKENS + Math.ceil(byteLength / BYTES_PER_TOKEN[kind]);
    }
  }
}

function countImages(result: Extract<Sendable, { type: 'tool-result' }>): number {
  if ('images' in result) return result.images.length;
  const { attachments = [] } = result;
  return attachments.filter(({ mediaType }) => mediaType.startsWith('image/')).length;
}
