import { constants, type BigIntStats } from 'node:fs';
import { open, readlink, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { NotPermittedError } from '@synapse/core';

// Linux has O_PATH since 2.6.39, Node has no name for it. Such a handle refers to a file without
// opening it: no device is touched and no FIFO waits before the place has been checked.
const O_PATH = 0o10000000;

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

const hasProc = process.platform === 'linux';

/**
 * A file or folder that is held open, so that the checked file is the one that is used, even if
 * names or links change in the meantime.
 */
export class Place {
  readonly #handle: FileHandle;
  /** The real path, without links. */
  readonly path: string;
  readonly stats: BigIntStats;

  private constructor(handle: FileHandle, path: string, stats: BigIntStats) {
    this.#handle = handle;
    this.path = path;
    this.stats = stats;
  }

  /** Does not follow a link at the end of the path; the place is then the link itself. */
  static async open(path: string): Promise<Place> {
    const handle = await open(
      path,
      hasProc ? O_PATH | O_NOFOLLOW : O_RDONLY | O_NOFOLLOW | O_NONBLOCK,
    );
    try {
      const stats = await handle.stat({ bigint: true });
      return new Place(handle, await pathOf(handle, path, stats), stats);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** A path that leads here even if folders above are renamed. */
  get self(): string {
    return hasProc ? `/proc/self/fd/${this.#handle.fd}` : this.path;
  }

  /** The path of an entry of this folder. */
  at(name: string): string {
    return join(this.self, name);
  }

  /** Opens the contents for reading; never waits for a writer. */
  async openContents(): Promise<FileHandle> {
    return open(this.self, O_RDONLY | O_NONBLOCK);
  }

  /** The current real path. */
  async currentPath(): Promise<string> {
    return pathOf(this.#handle, this.path, this.stats);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function pathOf(handle: FileHandle, path: string, stats: BigIntStats): Promise<string> {
  if (hasProc) return readlink(`/proc/self/fd/${handle.fd}`);
  const real = await realpath(path);
  const { dev, ino } = await stat(real, { bigint: true });
  if (dev !== stats.dev || ino !== stats.ino) {
    throw new NotPermittedError(`"${path}" was replaced while it was being opened.`);
  }
  return real;
}
