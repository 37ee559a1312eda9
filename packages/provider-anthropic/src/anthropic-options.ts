import type { ModelFacts } from '@synapse/core/models';
import type { Environment } from '@synapse/provider-http';

export interface AnthropicOptions {
  /** The name of the provider in the settings. */
  name: string;
  /** Null for a server that needs no key. */
  apiKey: string | null;
  baseUrl?: string;
  headers?: Readonly<Record<string, string>>;
  /** Where the proxy variables are looked up; without it, every connection is direct. */
  environment?: Environment;
  connectTimeoutMs?: number;
  /** The longest silence of the connection; by default two minutes, or ten while a model thinks. */
  idleTimeoutMs?: number;
  thinking?: AnthropicThinking;
  /** Facts about a model that go beyond the table of models. */
  factsOf?: (model: string) => ModelFacts;
  /** Requests readable thinking from models that think by themselves. */
  showsReasoning?: boolean;
  effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max';
}

/** With `adaptive`, the model decides how much it thinks; older models need a budget. */
export type AnthropicThinking = 'adaptive' | 'disabled' | { budgetTokens: number };

/** Identifies the data of this adapter in a Replay. */
export const ANTHROPIC_DIALECT = 'anthropic';
