import type { ModelFacts, ServerQuirks } from '@synapse/core/models';
import type { Environment } from '@synapse/provider-http';

export interface OpenAiOptions {
  /** The name it is configured under. */
  name: string;
  /** `responses` is OpenAI's own; `chat` is what every compatible server speaks. */
  dialect: 'responses' | 'chat';
  /** Null for a server that asks for none, or wants it in another header. */
  apiKey: string | null;
  baseUrl?: string;
  headers?: Readonly<Record<string, string>>;
  /** Added to every address, such as `api-version` at Azure. */
  query?: Readonly<Record<string, string>>;
  /** Where the proxy variables are looked up; without it, every connection is direct. */
  environment?: Environment;
  connectTimeoutMs?: number;
  /**
   * The longest silence of the connection; where it is not given, two minutes, and ten while a
   * model thinks.
   */
  idleTimeoutMs?: number;
  /** What is known of a model, where that is more than the table of models has. */
  factsOf?: (model: string) => ModelFacts;
  reasoningEffort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
  /** Asks models that are known to think for their reasoning in readable form; Responses only. */
  reasoningSummary?: 'auto' | 'concise' | 'detailed';
  /** Where a server differs from what is usual; Chat Completions only. */
  quirks?: Partial<ServerQuirks>;
}
