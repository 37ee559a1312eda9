import type { ModelFacts } from '@synapse/core/models';
import type { Environment } from '@synapse/provider-http';

export interface AnthropicOptions {
  /** The name it is configured under. */
  name: string;
  /** Null for a server that asks for none. */
  apiKey: string | null;
  baseUrl?: string;
  headers?: Readonly<Record<string, string>>;
  /** Where the proxy variables are looked up; without it, every connection is direct. */
  environment?: Environment;
  connectTimeoutMs?: number;
  /**
   * The longest silence of the connection; where it is not given, two minutes, and ten while a
   * model thinks.
   */
  idleTimeoutMs?: number;
  thinking?: AnthropicThinking;
  /** What is known of a model, where that is more than the table of models has. */
  factsOf?: (model: string) => ModelFacts;
  /** Asks models that think by themselves for their thoughts in readable form. */
  showsReasoning?: boolean;
  effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max';
}

/** `adaptive` leaves it to the model how much it thinks; older models need a budget. */
export type AnthropicThinking = 'adaptive' | 'disabled' | { budgetTokens: number };
