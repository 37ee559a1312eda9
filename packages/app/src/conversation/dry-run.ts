import {
  toUsd,
  type AttachmentReference,
  type ModelRequest,
  type RequestMessage,
} from '@synapse/core';
import {
  costOf,
  estimateUsage,
  findPrice,
  type ModelOverrides,
  type ProviderSetup,
} from '@synapse/core/models';

/** The next request and its likely cost, without the bytes of attachments. */
export interface DryRun {
  provider: string;
  model: string;
  baseUrl: string | null;
  request: Omit<ModelRequest, 'messages' | 'model' | 'cacheKey'> & { messages: PlannedMessage[] };
  estimate: { inputTokens: number; inputCostUsd: number | null };
}

export interface PlannedMessage {
  role: RequestMessage['role'];
  parts: PlannedPart[];
}

type SentPart = RequestMessage['parts'][number];
export type PlannedPart =
  | Exclude<SentPart, { bytes: Uint8Array } | { images: unknown }>
  | { type: 'image' | 'file'; attachment: AttachmentReference }
  | { type: 'tool-result'; id: string; name: string; output: string; isError: boolean };

export function planDryRun(
  { name, model, baseUrl }: ProviderSetup,
  sent: ModelRequest,
  models: ModelOverrides,
): DryRun {
  const usage = estimateUsage(sent, []);
  const { inputTokens } = usage;
  const cost = costOf(usage, findPrice(name, model, inputTokens, models));
  const { systemPrompt, tools, outputSchema, maxOutputTokens, temperature } = sent;
  const messages = sent.messages.map(({ role, parts }) => ({ role, parts: parts.map(toPlanned) }));
  return {
    provider: name,
    model,
    baseUrl,
    request: { systemPrompt, messages, tools, outputSchema, maxOutputTokens, temperature },
    estimate: { inputTokens, inputCostUsd: cost && toUsd(cost.nanoUsd) },
  };
}

function toPlanned(part: SentPart): PlannedPart {
  if (part.type === 'image' || part.type === 'file') {
    return { type: part.type, attachment: part.attachment };
  }
  if (part.type !== 'tool-result') return part;
  const { type, id, name, output, isError } = part;
  return { type, id, name, output, isError };
}
