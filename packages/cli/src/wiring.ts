import { join } from 'node:path';
import {
  findPlaces,
  InvalidSettingsError,
  loadSettings,
  type LoadedSettings,
  type Places,
} from '@synapse/config';
import {
  ConfigError,
  resolveProvider,
  withFallback,
  withRetries,
  type Clock,
  type Logger,
  type ModelProvider,
  type ProviderChoice,
  type ProviderSetup,
  type ProviderSources,
  type Store,
} from '@synapse/core';
import { parseDatabaseUrl } from './database-url.ts';
import { createLogger } from './logging/create-logger.ts';
import { probeModels } from './probe-models.ts';
import { systemClock } from './system-clock.ts';

/** Everything that a command may need, opened only when it asks. */
export interface App extends LoadedSettings {
  environment: NodeJS.ProcessEnv;
  places: Places;
  clock: Clock;
  logger: Logger;
  /** The values that must never be shown, however they got into a text. */
  secrets: () => string[];
  openStore(): Promise<Store>;
  /** A store that is gone when the process is. */
  openMemoryStore(): Promise<Store>;
  providerSources: ProviderSources;
  /** The model that is meant, behind retries and the fallbacks of the settings. */
  openModel(choice: ProviderChoice): Promise<OpenModel>;
  /** The adapter alone. */
  createProvider(setup: ProviderSetup): Promise<ModelProvider>;
}

export interface OpenModel {
  setup: ProviderSetup;
  provider: ModelProvider;
}

export interface AppOptions {
  environment: NodeJS.ProcessEnv;
  /** What flags say of settings, by dotted key. */
  flags: Readonly<Record<string, string | undefined>>;
  verbose: NodeJS.WritableStream | null;
}

/** The one place where everybody is named. */
export async function createApp({ environment, flags, verbose }: AppOptions): Promise<App> {
  const places = findPlaces(environment);
  const loaded = await loadSettings({ environment, flags }).catch(toConfigError);
  const { settings, origins } = loaded;
  const secrets = () => secretsOf(environment, loaded);
  const logger = createLogger({
    file: settings.log.file ?? join(places.stateFolder, 'synapse.log'),
    level: settings.log.level,
    format: settings.log.format,
    verbose,
    secrets,
  });
  const providerSources: ProviderSources = {
    providers: settings.providers,
    aliases: settings.aliases,
    environment,
    findStoredKey: async () => undefined,
    probe: probeModels,
  };
  return {
    ...loaded,
    environment,
    places,
    clock: systemClock,
    logger,
    secrets,
    async openStore() {
      const { configFolder } = places;
      const url = settings.session.database_url;
      const location = parseDatabaseUrl(url, { configFolder, environment });
      if (location.engine === 'sqlite') {
        const { openSqliteStore } = await import('@synapse/storage-sqlite');
        return openSqliteStore({ path: location.path, logger });
      }
      const { openPostgresStore } = await import('@synapse/storage-postgres');
      // A shell may carry another program's DATABASE_URL.
      const allowForeign = origins.get('session.database_url')?.name !== 'DATABASE_URL';
      return openPostgresStore({ url: location.url, logger, allowForeign });
    },
    async openMemoryStore() {
      const { createMemoryStore } = await import('@synapse/core');
      return createMemoryStore();
    },
    providerSources,
    openModel: (choice) => openModel(choice, settings.fallback, providerSources),
    createProvider,
  };
}

async function openModel(
  choice: ProviderChoice,
  fallbacks: readonly string[],
  sources: ProviderSources,
): Promise<OpenModel> {
  const open = async (wish: ProviderChoice) => {
    const setup = await resolveProvider(wish, sources);
    const provider = withRetries(await createProvider(setup), { clock: systemClock });
    return { setup, provider, model: setup.model };
  };
  const first = await open(choice);
  const others = await Promise.all(fallbacks.map((model) => open({ provider: null, model })));
  return { setup: first.setup, provider: withFallback(first.provider, others) };
}

/** Opens the adapter for what the provider speaks. */
async function createProvider(setup: ProviderSetup): Promise<ModelProvider> {
  const { name, dialect, baseUrl, apiKey, headers, idleTimeoutMs } = setup;
  const options = {
    name,
    apiKey: apiKey?.reveal() ?? null,
    headers,
    ...(baseUrl !== null && { baseUrl }),
    ...(idleTimeoutMs !== null && { idleTimeoutMs }),
  };
  switch (dialect) {
    case 'demo': {
      const { createDemoProvider } = await import('@synapse/provider-demo');
      return createDemoProvider({ pause: (signal) => systemClock.sleep(5, signal) });
    }
    case 'anthropic': {
      const { createAnthropicProvider } = await import('@synapse/provider-anthropic');
      return createAnthropicProvider(options);
    }
    case 'openai-responses': {
      const { createOpenAiProvider } = await import('@synapse/provider-openai');
      return createOpenAiProvider({ ...options, dialect: 'responses' });
    }
    case 'openai-chat': {
      const { createOpenAiProvider } = await import('@synapse/provider-openai');
      return createOpenAiProvider({ ...options, dialect: 'chat', quirks: setup.quirks });
    }
  }
}

function toConfigError(error: unknown): never {
  if (!(error instanceof InvalidSettingsError)) throw error;
  const hint = 'synapse help config lists every setting.';
  throw new ConfigError(error.message, { hint, cause: error });
}

function secretsOf(environment: NodeJS.ProcessEnv, { settings }: LoadedSettings): string[] {
  const inEnvironment = Object.entries(environment)
    .filter(([name]) => /(KEY|TOKEN|SECRET|PASSWORD)$/i.test(name))
    .map(([, value]) => value);
  const inSettings = Object.values(settings.providers).map(({ api_key }) => api_key);
  return [...inEnvironment, ...inSettings].filter((value) => typeof value === 'string');
}
