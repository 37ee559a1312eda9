import type { ServerQuirks } from './server-quirks.ts';

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
  /** It runs on the user's own machine: no key, no price. */
  isLocal: boolean;
  /** Where its server differs from others of its dialect. */
  quirks: Partial<ServerQuirks>;
}

export interface PresetModels {
  /** Null where the server decides, which is then asked what it has. */
  default: string | null;
  /** What the aliases of these names mean at this provider. */
  fast?: string;
  smart?: string;
}
