/** The API that a server speaks. */
export type Dialect = 'anthropic' | 'openai-responses' | 'openai-chat' | 'demo';

/** A provider that Synapse knows by name; settings may change any of it. */
export interface Preset {
  name: string;
  /** As the provider writes it. */
  title: string;
  dialect: Dialect;
  /** Null where everybody has an address of their own. */
  baseUrl: string | null;
  /** The variables that may hold the key, the strongest first; none where no key is asked for. */
  keyVariables: readonly string[];
  /** The variables that may hold another address, the strongest first. */
  baseUrlVariables: readonly string[];
  /** Where the API lies on an address that names only a server. */
  path: string | null;
  models: PresetModels;
  /** How the names of models that nobody else has begin. */
  modelPrefixes: readonly string[];
  /** It runs on the person's own machine: no key, no price. */
  isLocal: boolean;
  quirks: ProviderQuirks;
}

export interface PresetModels {
  /** Null where the server decides, which is then asked what it has. */
  default: string | null;
  /** What the aliases of these names mean at this provider. */
  fast?: string;
  smart?: string;
}

/** In what a server differs from others of its dialect: facts, not settings. */
export interface ProviderQuirks {
  maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  systemRole?: 'system' | 'developer';
  /** False where a request that asks for the usage is refused. */
  supportsStreamUsage?: boolean;
  supportsCacheKey?: boolean;
  /** Whether PDFs may be sent. */
  supportsFiles?: boolean;
  structuredOutput?: 'json-schema' | 'json-object' | 'prompt';
  /** The ids of calls that are taken, and how long another one in their place must be. */
  toolCallIdPattern?: RegExp;
  toolCallIdLength?: number;
  /** True where a question must not directly follow the results of tools. */
  needsAnswerAfterTool?: boolean;
}
