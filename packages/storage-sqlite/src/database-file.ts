import { fstatSync, readdirSync, readlinkSync, statSync, type BigIntStats } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError, type SynapseErrorOptions } from '@synapse/core';
import { isNetworkFileSystem } from './is-network-file-system.ts';

type Id = Pick<BigIntStats, 'dev' | 'ino'>;

/** The files that SQLite keeps beside an open database and needs to read it. */
export const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;

/**
 * The files of an open database. SQLite continues with a file that was removed or moved, and later
 * commits are lost. So the path is checked before a commit is acknowledged.
 */
export class DatabaseFile {
  readonly #path: string;
  readonly #own: Id | undefined;
  /** The log and its index belong to a connection: closing the last one removes them. */
  readonly #beside = new Map<string, Id>();
  /** Some file servers change the inode number of a file at any time. */
  readonly #hasNumbers: boolean;

  constructor(path: string) {
    this.#path = path;
    this.#own = idOf(path);
    this.#hasNumbers = !isNetworkFileSystem(dirname(path));
  }

  /** Call this with every new connection, and when the journal mode has changed. */
  noteConnection(): void {
    this.#beside.clear();
    for (const suffix of ['-wal', '-shm']) {
      const id = idOf(this.#path + suffix);
      if (id) this.#beside.set(suffix, id);
    }
  }

  /** Throws a StorageError if the file at the path is not the open one. */
  check(): void {
    const found = idOf(this.#path);
    if (!this.#isSame(found, this.#own)) {
      throw new StorageError(
        found
          ? `Another file has taken the place of the database ${this.#path} while it was in use.`
          : `The database ${this.#path} was moved or removed while it was in use.`,
        { reason: 'unavailable', ...this.#adviceOnFile() },
      );
    }
    for (const [suffix, id] of this.#beside) {
      if (this.#isSame(idOf(this.#path + suffix), id)) continue;
      throw new StorageError(
        `${this.#path}${suffix}, which belongs to the database, was removed or replaced while it was in use.`,
        {
          reason: 'unavailable',
          hint: 'The last change is not stored. Quit all Synapse processes, ',
          action: { name: 'check-database', text: 'then check the database.' },
        },
      );
    }
  }

  #isSame(found: Id | undefined, expected: Id | undefined): boolean {
    if (!found || !expected) return false;
    return !this.#hasNumbers || (found.ino === expected.ino && found.dev === expected.dev);
  }

  #adviceOnFile(): Pick<SynapseErrorOptions, 'hint' | 'action'> {
    const lost = 'The last change is not stored.';
    const open = this.#own && findOpen(this.#own);
    if (!open) {
      return {
        hint: `${lost} Move the file back, `,
        action: { name: 'restore-backup', text: 'or restore a backup.' },
      };
    }
    const { number, place } = open;
    if (!place.endsWith(' (deleted)')) {
      return {
        hint: `${lost} All earlier changes are in ${place} now.\nMove it back together with its -wal and -shm files, `,
        action: { name: 'open-database', place, text: 'or quit and use it there.' },
      };
    }
    const copy = `cp /proc/${process.pid}/fd/${number} "${this.#path}"`;
    return {
      hint: `${lost} All earlier changes exist only while this Synapse process runs. To recover them:\n${copy}`,
    };
  }
}

function idOf(path: string): Id | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Where Linux reports an open file of this process. */
function findOpen({ dev, ino }: Id): { number: string; place: string } | undefined {
  try {
    for (const number of readdirSync('/proc/self/fd')) {
      const stats = statOfOpen(Number(number));
      if (stats?.ino === ino && stats.dev === dev) {
        return { number, place: readlinkSync(`/proc/self/fd/${number}`) };
      }
    }
  } catch {
    // There is no such folder elsewhere.
  }
  return undefined;
}

function statOfOpen(number: number): BigIntStats | undefined {
  try {
    return fstatSync(number, { bigint: true });
  } catch {
    return undefined;
  }
}
