import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  findPlaces,
  InvalidSettingsError,
  loadSettings,
  type LoadedSettings,
  type Places,
} from '@synapse/config';
import {
  ConfigError,
  type Clock,
  type Logger,
  type ModelProvider,
  type Store,
} from '@synapse/core';
import { parseDatabaseUrl } from './database-url.ts';
import { createLogger } from './logging/create-logger.ts';

/** Everything that a command may need, opened only when it asks. */
export interface App extends LoadedSettings {
  environment: NodeJS.ProcessEnv;
  places: Places;
  clock: Clock;
  logger: Logger;
  openStore(): Promise<AppStore>;
  /** A store that is gone when the process is. */
  openMemoryStore(): Promise<AppStore>;
  createProvider(name: string): Promise<ModelProvider>;
}

export type AppStore = Pick<Store, 'sessions' | 'attachments' | 'maintenance' | 'close'>;

export interface AppOptions {
  environment: NodeJS.ProcessEnv;
  /** What flags say of settings, by dotted key. */
  flags: Readonly<Record<string, string | undefined>>;
  verbose: NodeJS.WritableStream | null;
}

const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** The one place where everybody is named. */
export async function createApp({ environment, flags, verbose }: AppOptions): Promise<App> {
  const places = findPlaces(environment);
  const loaded = await loadSettings({ environment, flags }).catch((error: unknown) => {
    throw error instanceof InvalidSettingsError
      ? new ConfigError(error.message, {
          hint: 'synapse help config lists every setting.',
          cause: error,
        })
      : error;
  });
  const { settings, origins } = loaded;
  const logger = createLogger({
    file: settings.log.file ?? join(places.stateFolder, 'synapse.log'),
    level: settings.log.level,
    format: settings.log.format,
    verbose,
    secrets: () => secretsOf(environment, loaded),
  });

  const openStore = async (): Promise<AppStore> => {
    const location = parseDatabaseUrl(settings.session.database_url, {
      configFolder: places.configFolder,
      environment,
    });
    if (location.engine === 'sqlite') {
      const { openSqliteStore } = await import('@synapse/storage-sqlite');
      return openSqliteStore({ path: location.path, logger });
    }
    const { openPostgresStore } = await import('@synapse/storage-postgres');
    const isGeneric = origins.get('session.database_url')?.name === 'DATABASE_URL';
    return openPostgresStore({ url: location.url, logger, allowForeign: !isGeneric });
  };

  const openMemoryStore = async (): Promise<AppStore> => {
    const { createMemoryStore } = await import('@synapse/core');
    return createMemoryStore();
  };

  const createProvider = async (name: string): Promise<ModelProvider> => {
    if (name === 'demo') {
      const { createDemoProvider } = await import('@synapse/provider-demo');
      return createDemoProvider({ pause: (signal) => systemClock.sleep(5, signal) });
    }
    throw new ConfigError(`There is no provider "${name}".`);
  };

  return {
    ...loaded,
    environment,
    places,
    clock: systemClock,
    logger,
    openStore,
    openMemoryStore,
    createProvider,
  };
}

/** The values that must never be shown, however they got into a text. */
function secretsOf(environment: NodeJS.ProcessEnv, { settings }: LoadedSettings): string[] {
  const inEnvironment = Object.entries(environment)
    .filter(([name]) => /(KEY|TOKEN|SECRET|PASSWORD)$/i.test(name))
    .map(([, value]) => value);
  const inSettings = Object.values(settings.providers).map(({ api_key }) => api_key);
  return [...inEnvironment, ...inSettings].filter((value) => typeof value === 'string');
}
