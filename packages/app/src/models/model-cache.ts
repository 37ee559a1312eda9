import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelInfo } from '@synapse/core';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface CachedModels {
  /** A list from another address is not this provider's. */
  baseUrl: string | null;
  fetchedAt: string;
  models: ModelInfo[];
}

/** The cached list, however old; undefined if none can be read. */
export function readModelCache(cacheFolder: string, provider: string): CachedModels | undefined {
  try {
    const cached = JSON.parse(readFileSync(fileOf(cacheFolder, provider), 'utf8')) as CachedModels;
    const isWhole = Array.isArray(cached.models) && cached.models.every(hasId);
    return isWhole ? cached : undefined;
  } catch {
    return undefined;
  }
}

export function isFresh({ fetchedAt }: CachedModels, now: Date): boolean {
  const ageMs = now.getTime() - Date.parse(fetchedAt);
  return ageMs >= 0 && ageMs < DAY_MS;
}

/** If the cache cannot be written, the list is still returned. */
export function writeModelCache(cacheFolder: string, provider: string, list: CachedModels): void {
  const file = fileOf(cacheFolder, provider);
  try {
    mkdirSync(join(cacheFolder, 'models'), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(list), { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    return;
  }
}

function fileOf(cacheFolder: string, provider: string): string {
  return join(cacheFolder, 'models', `${encodeURIComponent(provider)}.json`);
}

function hasId(model: { id?: unknown } | null): boolean {
  return typeof model?.id === 'string';
}
