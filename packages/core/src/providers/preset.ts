import type { ServerQuirks } from './server-quirks.ts';

/** The API that a server speaks. */
export type Dialect = 'anthropic' | 'openai-responses' | 'openai-chat' | 'demo';

/** A provider that Synapse knows by name; settings may change any field. */
export interface Preset {
  name: string;
  /** The provider's own spelling. */
  title: string;
  dialect: Dialect;
  /** Null if every user has a different address. */
  baseUrl: string | null;
  /** The variables that may hold the key, by precedence; empty if the provider needs no key. */
  keyVariables: readonly string[];
  /** The variables that may hold another address, by precedence. */
  baseUrlVariables: readonly string[];
  /** The path of the API, if an address names only a server. */
  path: string | null;
  models: PresetModels;
  /** Prefixes of model names that only this provider uses. */
  modelPrefixes: readonly string[];
  /** It runs on the user's own machine: no key, no price. */
  isLocal: boolean;
  /** How its server differs from others of its dialect. */
  quirks: Partial<ServerQuirks>;
}

export interface PresetModels {
  /** Null if the server decides; Synapse then asks it for its models. */
  default: string | null;
  /** The models behind these aliases at this provider. */
  fast?: string;
  smart?: string;
}
