import type { ModelRequest } from '../ports/model-provider.ts';
import { isImage, type AttachmentReference, type Part } from '../session/part.ts';
import type { Usage } from '../session/usage.ts';
import { countPdfPages } from './count-pdf-pages.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { imageTokens } from './image-tokens.ts';

// The tokens of a message besides its text: its role, its beginning and its end.
const MESSAGE_TOKENS = 4;
// Parameter names and their markup, measured on recorded answers: some models write tags, some
// JSON.
const CALL_TOKENS = { tags: 28, json: 11 };
const WRITES_TAGS = /claude|deepseek/i;
// Tokens of a picture of unknown size.
const IMAGE_TOKENS = 1500;
// The name of a file, or a word if the file can't be sent.
const FILE_TOKENS = 40;
const BYTES_PER_TOKEN = { text: 4, document: 20 };
// A page counts as text and as a picture.
const PAGE_TOKENS = 3000;
const PDF_TYPE = 'application/pdf';
// Providers are sent these as text.
const TEXT_TYPE =
  /^text\/|[/+](?:json|xml|yaml|toml)$|\/(?:javascript|x-[\w-]*(?:sh|script|yaml))$/;

type Sendable = Part | ModelRequest['messages'][number]['parts'][number];

interface Countable {
  parts: readonly Sendable[];
}

/** The tokens of attachments by hash, as far as known; the size in bytes says little about them. */
export type AttachmentTokens = ReadonlyMap<string, number | null>;

type SentRequest = Pick<ModelRequest, 'systemPrompt' | 'tools'> & {
  model?: string;
  counted?: AttachmentTokens;
  messages: readonly Countable[];
};

/** The likely tokens of a request, before it is sent. */
export function estimateRequestTokens(request: SentRequest): number {
  const { systemPrompt, tools, messages, model, counted } = request;
  const texts = messages.map(
    ({ parts }) => MESSAGE_TOKENS + estimatePartsTokens(parts, model, counted),
  );
  if (systemPrompt !== null) texts.push(MESSAGE_TOKENS + estimateTokens(systemPrompt));
  if (tools.length > 0) texts.push(estimateTokens(JSON.stringify(tools)));
  return texts.reduce((sum, tokens) => sum + tokens, 0);
}

export function estimateMessageTokens({ parts }: Countable, counted?: AttachmentTokens): number {
  return MESSAGE_TOKENS + estimatePartsTokens(parts, '', counted);
}

export function estimateMessagesTokens(
  messages: readonly Countable[],
  counted?: AttachmentTokens,
): number {
  return messages.reduce((sum, message) => sum + estimateMessageTokens(message, counted), 0);
}

/** The part of that estimate for PDFs, which can be far off. */
export function estimatePdfTokens(
  messages: readonly Countable[],
  counted?: AttachmentTokens,
): number {
  const pdfs = messages.flatMap(({ parts }) => parts.filter(isPdf));
  return estimatePartsTokens(pdfs, '', counted);
}

export function isCountedByContent(reference: Pick<AttachmentReference, 'mediaType'>): boolean {
  return reference.mediaType === PDF_TYPE || isImage(reference);
}

/** The tokens of these bytes; null if unknown. */
export function attachmentTokens(mediaType: string, bytes: Uint8Array): number | null {
  return mediaType === PDF_TYPE ? pdfTokens(bytes) : imageTokens(bytes);
}

function pdfTokens(bytes: Uint8Array): number | null {
  const pages = countPdfPages(bytes);
  return pages === null ? null : pages * PAGE_TOKENS;
}

function isPdf(part: Sendable): part is Extract<Sendable, { type: 'file' }> {
  return part.type === 'file' && part.attachment.mediaType === PDF_TYPE;
}

/**
 * Replaces figures that a provider did not give. `counted` is its report from before the end: the
 * input is known, and more output may have followed.
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
  counted: AttachmentTokens = new Map(),
): number {
  return parts.reduce((sum, part) => sum + partTokens(part, model, counted), 0);
}

function partTokens(part: Sendable, model: string, counted: AttachmentTokens): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'title':
      return estimateTokens(part.text);
    case 'context':
      return estimateTokens(part.summary ?? '');
    case 'raw':
      // Never sent.
      return 0;
    case 'tool-call': {
      const call = estimateTokens(part.name + (part.invalidInput ?? JSON.stringify(part.input)));
      return call + (WRITES_TAGS.test(model) ? CALL_TOKENS.tags : CALL_TOKENS.json);
    }
    case 'tool-result':
      return MESSAGE_TOKENS + estimateTokens(part.output) + tokensOfImages(part, counted);
    case 'image':
      return tokensOfImage(part, counted);
    case 'file': {
      const { mediaType, byteLength, sha256 } = part.attachment;
      const tokens =
        'bytes' in part && isPdf(part) ? pdfTokens(part.bytes) : (counted.get(sha256) ?? null);
      if (tokens !== null) return FILE_TOKENS + tokens;
      const kind = TEXT_TYPE.test(mediaType) ? 'text' : 'document';
      return FILE_TOKENS + Math.ceil(byteLength / BYTES_PER_TOKEN[kind]);
    }
  }
}

type ImageSent = { bytes: Uint8Array } | { attachment: AttachmentReference };

function tokensOfImage(image: ImageSent, counted: AttachmentTokens): number {
  const tokens = 'bytes' in image ? imageTokens(image.bytes) : counted.get(image.attachment.sha256);
  return tokens ?? IMAGE_TOKENS;
}

function tokensOfImages(
  result: Extract<Sendable, { type: 'tool-result' }>,
  counted: AttachmentTokens,
): number {
  const { attachments = [] } = result;
  const images: ImageSent[] =
    'images' in result
      ? result.images
      : attachments.filter(isImage).map((attachment) => ({ attachment }));
  return images.reduce((sum, image) => sum + tokensOfImage(image, counted), 0);
}
