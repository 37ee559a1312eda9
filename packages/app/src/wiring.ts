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
  systemClock,
  type Clock,
  type Logger,
  type ModelProvider,
  type Session,
  type Store,
  type StoreSummary,
} from '@synapse/core';
import type { ProviderChoice, ProviderSetup, ProviderSources } from '@synapse/core/models';
import { defaultDatabase, parseDatabaseUrl, type DatabaseLocation } from './database-url.ts';
import type { KeyStore } from './keys/key-store.ts';
import { createLogger, type LoggerOptions } from './logging/create-logger.ts';
import { setCurrentLog } from './logging/current-log.ts';
import { probeModels } from './probe-models.ts';

/** Everything that a command may need, opened on demand. */
export interface App extends LoadedSettings {
  environment: NodeJS.ProcessEnv;
  /** The folder that new sessions belong to, and that tools work in. */
  here: string;
  places: Places;
  clock: Clock;
  logger: Logger;
  /** The values that must never be shown, wherever they appear. */
  secrets: () => string[];
  openStore(options?: OpenStoreOptions): Promise<Store>;
  /** Resolves the configured address, or another one. */
  locate(url?: string): DatabaseLocation;
  /** The summary of a database, without creating or migrating it; undefined if there is none. */
  inspectStore(url?: string): Promise<StoreSummary | undefined>;
  /** Replaces the SQLite database with the backup; an existing one is moved aside. */
  restoreFile(from: string, to: string): Promise<RestoredFile>;
  /** A store that is lost when the process ends. */
  openMemoryStore(): Promise<Store>;
  providerSources: ProviderSources;
  /** The keys that `synapse keys set` stores. */
  openKeys(): Promise<KeyStore>;
  /** The chosen model, wrapped in retries and the fallbacks of the settings. */
  openModel(choice: ProviderChoice): Promise<OpenModel>;
  /** The adapter alone. */
  createProvider(setup: ProviderSetup): Promise<ModelProvider>;
}

export interface OpenStoreOptions {
  /** Another address than the configured one. */
  url?: string | undefined;
  /**
   * Whether tables may be created beside those of another program; the source of the address
   * decides.
   */
  allowForeign?: boolean | undefined;
  /** For a server, which asks for much at once. */
  isForServer?: boolean | undefined;
}

/** The id and the names of a session. */
export type SessionName = Pick<Session, 'id' | 'handle' | 'title'>;

export interface RestoredFile {
  path: string;
  /** The new place of the former database, or of its remains. */
  asidePath: string | null;
}

export interface OpenModel {
  setup: ProviderSetup;
  provider: ModelProvider;
}

export interface AppOptions {
  environment: NodeJS.ProcessEnv;
  here: string;
  /** Settings that flags override, by dotted key. */
  flags: Readonly<Record<string, string | undefined>>;
  verbose: LoggerOptions['verbose'];
  /** Notifies the user of slow steps and of changes; also called in quiet mode. */
  notify: (text: string) => void;
}

/** The only place that names every adapter. */
export async function createApp(options: AppOptions): Promise<App> {
  const { environment, here, flags, verbose, notify } = options;
  const places = findPlaces(environment);
  const loaded = await loadSettings({ environment, flags }).catch(toConfigError);
  const { settings, origins } = loaded;
  const storedKeys: string[] = [];
  const openKeys = async () => {
    const { createKeyStore } = await import('./keys/key-store.ts');
    return createKeyStore(places.configFolder, environment);
  };
  const secrets = () => [...secretsOf(environment, loaded), ...storedKeys];
  const logFile = settings.log.file ?? join(places.stateFolder, 'synapse.log');
  const logger = createLogger({
    file: logFile,
    level: settings.log.level,
    format: settings.log.format,
    verbose,
    secrets,
  });
  setCurrentLog({ file: logFile, logger });
  const providerSources: ProviderSources = {
    providers: settings.providers,
    aliases: settings.aliases,
    environment,
    findStoredKey: async (provider) => {
      const key = await (await openKeys()).find(provider);
      if (key) storedKeys.push(key);
      return key;
    },
    probe: probeModels,
  };
  const locate = (url: string | null = settings.session.database_url) =>
    parseDatabaseUrl(url, { configFolder: places.configFolder, environment });
  return {
    ...loaded,
    environment,
    here,
    places,
    clock: systemClock,
    logger,
    secrets,
    async openStore({ url, allowForeign, isForServer = false }: OpenStoreOptions = {}) {
      const location = locate(url);
      if (location.engine === 'sqlite') {
        const { openSqliteStore } = await import('@synapse/storage-sqlite');
        return openSqliteStore({
          path: location.path,
          makesFolder: location.path === defaultDatabase(places.configFolder),
          logger,
          onNotice: notify,
        });
      }
      const { openPostgresStore } = await import('@synapse/storage-postgres');
      // A shell may carry another program's DATABASE_URL.
      const isMeant = origins.get('session.database_url')?.name !== 'DATABASE_URL';
      return openPostgresStore({
        url: location.url,
        logger,
        ...(isForServer && {
          poolSize: settings.serve.pool_size,
          notices: { url: settings.serve.listen_url },
        }),
        allowForeign: allowForeign ?? (url !== undefined || isMeant),
      });
    },
    locate,
    async inspectStore(url) {
      const location = locate(url);
      if (location.engine === 'sqlite') {
        const { inspectSqliteStore } = await import('@synapse/storage-sqlite');
        return inspectSqliteStore(location.path);
      }
      const { inspectPostgresStore } = await import('@synapse/storage-postgres');
      return inspectPostgresStore({ url: location.url, logger });
    },
    async restoreFile(from, to) {
      const { restoreSqliteStore } = await import('@synapse/storage-sqlite');
      const makesFolder = to === defaultDatabase(places.configFolder);
      return restoreSqliteStore({ from, to, overwrite: true, makesFolder, now: systemClock.now() });
    },
    async openMemoryStore() {
      const { createMemoryStore } = await import('@synapse/storage-memory');
      return createMemoryStore();
    },
    providerSources,
    openKeys,
    async openModel(choice) {
      const { openModel } = await import('./wiring/open-model.ts');
      return openModel(choice, settings, providerSources);
    },
    async createProvider(setup) {
      const { createProvider } = await import('./wiring/open-model.ts');
      return createProvider(setup, settings, environment);
    },
  };
}

/** The most recently active sessions of a database on this machine; never over a network. */
export async function readNames(location: DatabaseLocation, limit: number): Promise<SessionName[]> {
  if (location.engine !== 'sqlite') return [];
  const { readSqliteNames } = await import('@synapse/storage-sqlite');
  return readSqliteNames(location.path, limit);
}

export function toConfigError(error: unknown): never {
  if (!(error instanceof InvalidSettingsError)) throw error;
  const hint = 'synapse help settings lists every setting.';
  throw new ConfigError(error.message, { hint, cause: error });
}

function secretsOf(environment: NodeJS.ProcessEnv, { settings }: LoadedSettings): string[] {
  const inEnvironment = Object.entries(environment)
    .filter(([name]) => /(KEY|TOKEN|SECRET|PASSWORD)$/i.test(name))
    .map(([, value]) => value);
  const inSettings = Object.values(settings.providers).map(({ api_key }) => api_key);
  return [...inEnvironment, ...inSettings].filter((value) => typeof value === 'string');
}
