import type { ModelRequest } from '../ports/model-provider.ts';
import type { Part } from '../session/part.ts';
import type { Usage } from '../session/usage.ts';
import { estimateTokens } from './estimate-tokens.ts';

// About what a picture of a common size counts for at most providers.
const IMAGE_TOKENS = 1500;
const BYTES_PER_FILE_TOKEN = 4;
// Its name, or a word where it can't be sent.
const FILE_TOKENS = 40;

type Sendable = Part | ModelRequest['messages'][number]['parts'][number];

/** What a request is likely to count for, before it is sent. */
export function estimateRequestTokens(
  request: Pick<ModelRequest, 'systemPrompt' | 'tools'> & {
    messages: readonly { parts: readonly Sendable[] }[];
  },
): number {
  const { systemPrompt, tools, messages } = request;
  const parts = messages.flatMap((message) => message.parts);
  const toolTokens = tools.length === 0 ? 0 : estimateTokens(JSON.stringify(tools));
  return estimateTokens(systemPrompt ?? '') + toolTokens + estimatePartsTokens(parts);
}

export function estimateMessageTokens({ parts }: { parts: readonly Sendable[] }): number {
  return estimatePartsTokens(parts);
}

/** Stands in for the figures that a provider does not give. */
export function estimateUsage(
  request: Parameters<typeof estimateRequestTokens>[0],
  answer: readonly Part[],
): Usage {
  return {
    inputTokens: estimateRequestTokens(request),
    outputTokens: estimatePartsTokens(answer),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: estimatePartsTokens(answer.filter(({ type }) => type === 'reasoning')),
    estimated: true,
  };
}

function estimatePartsTokens(parts: readonly Sendable[]): number {
  return parts.reduce((sum, part) => sum + partTokens(part), 0);
}

function partTokens(part: Sendable): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'title':
      return estimateTokens(part.text);
    case 'context':
      return estimateTokens(part.summary ?? '');
    case 'tool-call':
      return estimateTokens(part.name + JSON.stringify(part.input));
    case 'tool-result': {
      const attachments = part.attachments ?? [];
      const imageCount =
        'images' in part
          ? part.images.length
          : attachments.filter(({ mediaType }) => mediaType.startsWith('image/')).length;
      return estimateTokens(part.output) + imageCount * IMAGE_TOKENS;
    }
    case 'image':
      return IMAGE_TOKENS;
    case 'file':
      return FILE_TOKENS + Math.ceil(part.attachment.byteLength / BYTES_PER_FILE_TOKEN);
  }
}
