import { emptyRequest, type RelayedRequest } from '@synapse/app/relay/relayed-request';
import type { ClientValue } from './client-fields.ts';
import type { ConversationBuilder } from './conversation-builder.ts';

/** A request of a client, with what only its dialect knows. */
export interface DialectRequest extends RelayedRequest {
  isStreaming: boolean;
  /** Chat Completions report the usage only if asked. */
  includesUsage: boolean;
  /** Tools of the provider's own server, which Synapse does not run. */
  ignoredTools: string[];
  /** Responses: the answer to continue after. */
  previousResponse: string | null;
  /** Responses: the conversation to continue. */
  conversation: string | null;
  /** Responses: the answer goes on without its client. */
  isBackground: boolean;
  /** False if the client asks not to store the conversation. */
  isStored: boolean;
  /** The key that the client gives its conversation, for caches. */
  cacheKey: string | null;
  metadata: Readonly<Record<string, string>>;
}

/** The fields that all dialects have in common; the others are as in a dialect without them. */
export function readCommonFields(body: ClientValue, builder: ConversationBuilder): DialectRequest {
  return {
    ...emptyRequest(),
    ...builder.build(),
    model: body.field('model').textOr(null),
    isStreaming: body.field('stream').flag(),
    includesUsage: true,
    ignoredTools: [],
    ...{ previousResponse: null, conversation: null, isStored: true, cacheKey: null },
    isBackground: false,
    metadata: readMetadata(body.field('metadata')),
  };
}

/** The fields that both dialects of OpenAI have for storing and caching. */
export function readKeeping(body: ClientValue): Pick<DialectRequest, 'isStored' | 'cacheKey'> {
  return {
    isStored: body.field('store').raw !== false,
    cacheKey: body.field('prompt_cache_key').textOr(null),
  };
}

/** The texts among the metadata; other values are ignored. */
export function readMetadata(metadata: ClientValue): Record<string, string> {
  if (metadata.isMissing) return {};
  const texts = Object.entries(metadata.object()).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries(texts);
}
