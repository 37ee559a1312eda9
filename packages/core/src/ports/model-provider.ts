import type { JsonObject } from '../session/json-value.ts';
import type {
  AttachmentReference,
  ReasoningPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from '../session/part.ts';
import type { Price } from '../session/usage.ts';
import type { StreamEvent } from './stream-event.ts';

/**
 * A model at any provider, with one interface. Adapters translate; they neither store nor decide.
 */
export interface ModelProvider {
  /** The name it is configured under: `anthropic`, `ollama`, or a name that the user chose. */
  readonly name: string;

  /**
   * Asks once and yields the answer as it comes. It sends one request at a time and does not retry,
   * because the caller does. Only if a server refuses a field, or demands another, the adapter may
   * send the request again at once with other fields.
   *
   * Throws a ProviderError when the provider can't be reached, refuses, breaks off, or sends
   * something that does not follow its own format. When `signal` is aborted, the connection is
   * closed and the stream throws the signal's reason, promptly, whatever the server does.
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<StreamEvent>;

  /** The models that the provider offers now; throws a ProviderError if it has no such list. */
  listModels(signal: AbortSignal): Promise<ModelInfo[]>;
}

export interface ModelRequest {
  model: string;
  systemPrompt: string | null;
  /**
   * Begins with a user message and ends with one of the user or of the tools. Neighbours have
   * different roles; an assistant message with tool calls is followed by a tool message that
   * answers each of them once and in their order, and tool messages occur nowhere else. A user
   * message may follow either kind. No message is empty and no text blank; an assistant message
   * does not end in reasoning. The ids of tool calls fit `[a-zA-Z0-9_-]{1,40}` and are unique in
   * the request, their names fit `[a-zA-Z0-9_-]{1,64}`; calls whose input was invalid have the
   * input `{}`. Failed results contain no images. All text is well-formed Unicode.
   * `toRequestMessages` produces this from any history.
   */
  messages: readonly RequestMessage[];
  tools: readonly ToolDefinition[];
  maxOutputTokens: number | null;
  temperature: number | null;
  /** Requests an answer in JSON that fits this schema. */
  outputSchema: OutputSchema | null;
  /** Demands a call: of any tool, or of this one. Without it, the model decides. */
  toolChoice?: 'required' | { name: string };
  /** Texts that end the answer, which then lacks them. An API without this ignores them. */
  stopSequences?: readonly string[];
  /** How much the model thinks, in words of its provider. Ignored unless the model knows the word. */
  effort?: string;
  /**
   * The same for every request of a session, for providers that use it to route to a warm cache.
   */
  cacheKey: string | null;
}

export interface OutputSchema {
  name: string;
  schema: JsonObject;
}

export type RequestMessage =
  | { role: 'user'; parts: (TextPart | LoadedImage | LoadedFile)[] }
  | { role: 'assistant'; parts: (TextPart | ReasoningPart | ToolCallPart)[] }
  | { role: 'tool'; parts: LoadedToolResult[] };

export interface LoadedImage {
  type: 'image';
  attachment: AttachmentReference;
  bytes: Uint8Array;
}

export interface LoadedFile {
  type: 'file';
  attachment: AttachmentReference;
  bytes: Uint8Array;
}

/** A result with its images; of other attachments its output contains only the names. */
export type LoadedToolResult = ToolResultPart & { images: LoadedImage[] };

export interface ToolDefinition {
  name: string;
  description: string;
  /**
   * A JSON Schema of draft 2020-12 that every provider takes: an object with `properties` at the
   * top, no union and no reference there. `toToolSchema` produces this from any schema that an
   * object can fit.
   */
  inputSchema: JsonObject;
}

export interface ModelInfo {
  id: string;
  name: string | null;
  contextTokens: number | null;
  maxOutputTokens: number | null;
  /** Null if unknown: an unknown number is never shown as 0. */
  price: Price | null;
  abilities: ModelAbility[];
}

export type ModelAbility = 'tools' | 'images' | 'files' | 'reasoning' | 'structured-output';
