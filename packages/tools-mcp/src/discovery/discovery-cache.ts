import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@synapse/core';
import { writePrivateFile } from '@synapse/core/files';
import type { McpServerSettings } from '../config/server-settings.ts';
import { serverSlug } from '../tool-name.ts';

const FORMAT = 1;
const MAX_AGE_MS = 7 * 24 * 3_600_000;

export interface DiscoveryCacheOptions {
  folder: string;
  now: () => Date;
  logger: Logger;
}

/**
 * The last tool lists of servers, so that a start need not wait for the servers; they may be out of
 * date.
 */
export class DiscoveryCache {
  readonly #options: DiscoveryCacheOptions;

  constructor(options: DiscoveryCacheOptions) {
    this.#options = options;
  }

  /** The raw list, or undefined if there is none for the present form of this entry. */
  async load(settings: McpServerSettings): Promise<unknown[] | undefined> {
    try {
      const stored = JSON.parse(await readFile(this.#path(settings), 'utf8')) as StoredList;
      const ageMs = this.#options.now().getTime() - Date.parse(stored.savedAt);
      const isCurrent =
        stored.format === FORMAT &&
        stored.fingerprint === settings.fingerprint &&
        Array.isArray(stored.tools) &&
        ageMs >= 0 &&
        ageMs < MAX_AGE_MS;
      return isCurrent ? stored.tools : undefined;
    } catch {
      return undefined;
    }
  }

  /** A cache that can't be written only makes the next start slower. */
  async save(settings: McpServerSettings, tools: readonly unknown[]): Promise<void> {
    const { fingerprint, name } = settings;
    const savedAt = this.#options.now().toISOString();
    const stored: StoredList = { format: FORMAT, fingerprint, savedAt, tools: [...tools] };
    await writePrivateFile(this.#path(settings), JSON.stringify(stored)).catch((error: unknown) => {
      this.#options.logger.warn(
        { server: name, error },
        'the tools of an MCP server were not cached',
      );
    });
  }

  #path({ name }: McpServerSettings): string {
    return join(this.#options.folder, `${serverSlug(name)}.json`);
  }
}

interface StoredList {
  format: number;
  fingerprint: string;
  savedAt: string;
  tools: unknown[];
}
