import type { ModelFacts, ServerQuirks } from '@synapse/core/models';
import type { Environment } from '@synapse/provider-http';

export interface OpenAiOptions {
  /** The name of the provider in the settings. */
  name: string;
  /** `responses` is OpenAI's own; every compatible server supports `chat`. */
  dialect: 'responses' | 'chat';
  /** Null for a server that needs no key, or expects it in another header. */
  apiKey: string | null;
  baseUrl?: string;
  headers?: Readonly<Record<string, string>>;
  /** Added to every address, such as `api-version` at Azure. */
  query?: Readonly<Record<string, string>>;
  /** Where the proxy variables are looked up; without it, every connection is direct. */
  environment?: Environment;
  connectTimeoutMs?: number;
  /** The longest silence of the connection; by default two minutes, or ten while a model thinks. */
  idleTimeoutMs?: number;
  /** Facts about a model that go beyond the table of models. */
  factsOf?: (model: string) => ModelFacts;
  reasoningEffort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
  /** Requests readable reasoning from models that are known to think; Responses only. */
  reasoningSummary?: 'auto' | 'concise' | 'detailed';
  /** How the server differs from others; Chat Completions only. */
  quirks?: Partial<ServerQuirks>;
}
