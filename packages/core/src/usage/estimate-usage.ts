import type { ModelRequest } from '../ports/model-provider.ts';
import type { Part } from '../session/part.ts';
import type { Usage } from '../session/usage.ts';
import { countPdfPages } from './count-pdf-pages.ts';
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
const BYTES_PER_TOKEN = { text: 4, document: 20 };
// A page counts as text and as a picture.
const PAGE_TOKENS = 3000;
// Providers are sent these as text.
const TEXT_TYPE =
  /^text\/|[/+](?:json|xml|yaml|toml)$|\/(?:javascript|x-[\w-]*(?:sh|script|yaml))$/;

type Sendable = Part | ModelRequest['messages'][number]['parts'][number];

type FileSent = Extract<Sendable, { type: 'file' }>;
interface Attaching {
  parts: readonly Sendable[];
}

/** The pages of PDFs by their hash, where they are known; the size in bytes says little of them. */
export type PdfPages = ReadonlyMap<string, number | null>;

type SentRequest = Pick<ModelRequest, 'systemPrompt' | 'tools'> & {
  model?: string;
  pdfPages?: PdfPages;
  messages: readonly { parts: readonly Sendable[] }[];
};

/** What a request is likely to count for, before it is sent. */
export function estimateRequestTokens(request: SentRequest): number {
  const { systemPrompt, tools, messages, model, pdfPages } = request;
  const texts = messages.map(
    ({ parts }) => MESSAGE_TOKENS + estimatePartsTokens(parts, model, pdfPages),
  );
  if (systemPrompt !== null) texts.push(MESSAGE_TOKENS + estimateTokens(systemPrompt));
  if (tools.length > 0) texts.push(estimateTokens(JSON.stringify(tools)));
  return texts.reduce((sum, tokens) => sum + tokens, 0);
}

export function estimateMessageTokens(
  { parts }: { parts: readonly Sendable[] },
  pdfPages?: PdfPages,
): number {
  return MESSAGE_TOKENS + estimatePartsTokens(parts, '', pdfPages);
}

export function estimateMessagesTokens(
  messages: readonly { parts: readonly Sendable[] }[],
  pdfPages?: PdfPages,
): number {
  return messages.reduce((sum, message) => sum + estimateMessageTokens(message, pdfPages), 0);
}

/** Of that, what is guessed of PDFs, which can be far off. */
export function estimatePdfTokens(messages: readonly Attaching[], pdfPages?: PdfPages): number {
  return estimatePartsTokens(pdfsIn(messages), '', pdfPages);
}

export function pdfsIn(messages: readonly Attaching[]): FileSent[] {
  return messages.flatMap(({ parts }) => parts.flatMap((part) => (isPdf(part) ? [part] : [])));
}

function isPdf(part: Sendable): part is FileSent {
  return part.type === 'file' && part.attachment.mediaType === 'application/pdf';
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

function estimatePartsTokens(
  parts: readonly Sendable[],
  model = '',
  pdfPages: PdfPages = new Map(),
): number {
  return parts.reduce((sum, part) => sum + partTokens(part, model, pdfPages), 0);
}

function partTokens(part: Sendable, model: string, pdfPages: PdfPages): number {
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
      const { mediaType, byteLength, sha256 } = part.attachment;
      const pages =
        'bytes' in part && isPdf(part) ? countPdfPages(part.bytes) : (pdfPages.get(sha256) ?? null);
      if (pages !== null) return FILE_TOKENS + pages * PAGE_TOKENS;
      const kind = TEXT_TYPE.test(mediaType) ? 'text' : 'document';
      return FILE_TOKENS + Math.ceil(byteLength / BYTES_PER_TOKEN[kind]);
    }
  }
}

function countImages(result: Extract<Sendable, { type: 'tool-result' }>): number {
  if ('images' in result) return result.images.length;
  const { attachments = [] } = result;
  return attachments.filter(({ mediaType }) => mediaType.startsWith('image/')).length;
}
