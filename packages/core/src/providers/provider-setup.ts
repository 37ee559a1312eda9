import type { Dialect } from './preset.ts';
import type { Secret } from './secret.ts';
import type { ServerQuirks } from './server-quirks.ts';

/**
 * Everything needed to open a provider, from the preset, the file, the environment and the flags.
 */
export interface ProviderSetup {
  name: string;
  dialect: Dialect;
  /** Null for the demo, which has no server. */
  baseUrl: string | null;
  apiKey: Secret | null;
  keySource: KeySource | null;
  model: string;
  headers: Readonly<Record<string, string>>;
  quirks: Partial<ServerQuirks>;
  isLocal: boolean;
  maxOutputTokens: number | null;
  temperature: number | null;
  /** The window of the model, if a local server reported it. */
  contextTokens?: number | null;
  /** The longest silence between two events; null for the default. */
  idleTimeoutMs: number | null;
}

/** The source of the key; never the key. */
export type KeySource =
  { source: 'environment'; variable: string } | { source: 'settings' } | { source: 'key-store' };

/** One `[providers.<name>]` table, with the keys of the configuration file. */
export interface ProviderSettings {
  base_url?: string | null | undefined;
  api_key_env?: string | null | undefined;
  api_key?: string | null | undefined;
  dialect?: Dialect | 'auto' | null | undefined;
  model?: string | null | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  max_tokens?: number | null | undefined;
  temperature?: number | null | undefined;
  cache_marks?: boolean | null | undefined;
  /** Seconds. */
  timeout?: number | null | undefined;
}

/** The sources from which a provider is resolved. */
export interface ProviderSources {
  providers: Readonly<Record<string, ProviderSettings>>;
  aliases: Readonly<Record<string, string>>;
  environment: Readonly<Record<string, string | undefined>>;
  /** The key stored under the provider's name, in a keyring or a separate file. */
  findStoredKey(provider: string): Promise<string | undefined>;
  /**
   * The models of the server at this address, or undefined if it does not answer in time; 200 ms
   * are plenty on the same machine.
   */
  probe(baseUrl: string): Promise<readonly string[] | undefined>;
}
