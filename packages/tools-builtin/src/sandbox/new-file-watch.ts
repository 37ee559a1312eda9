import { randomBytes } from 'node:crypto';
import { watch } from 'node:fs';
import { lstat, readdir, readlink, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isForbiddenAtRoot, isGuardedAtRoot, guardedAtRoot } from '../workspace/guarded-names.ts';
import { identityOf, type Guards, type GuardedFile } from './find-guards.ts';

const POLL_MS = 100;
const ASIDE = '.untrusted-';

type Watched = Pick<Guards, 'absent' | 'unwanted' | 'before'>;

/**
 * Watches for files that other programs obey and that a command creates in the folders. A sandbox
 * can only guard existing files; placeholders would be visible to all programs and could be removed
 * by another process. So these names are watched, and new files are moved aside, where no program
 * looks for them.
 */
export class NewFileWatch {
  readonly #guards: Watched;
  readonly #notes: string[] = [];
  #looking: Promise<void> = Promise.resolve();

  constructor(guards: Watched) {
    this.#guards = guards;
  }

  /** Paths that do not exist now, to move aside if Synapse is no longer running. */
  names(): string[] {
    const { absent, unwanted, before } = this.#guards;
    const atRoot = [...before].flatMap(([root, names]) => {
      // On a file system that ignores case, a file may exist under another spelling.
      const taken = new Set([...names.keys()].map((name) => name.toLowerCase()));
      const free = guardedAtRoot().filter((name) => !taken.has(name.toLowerCase()));
      return free.map((name) => join(root, name));
    });
    return [...new Set([...absent, ...unwanted, ...atRoot])];
  }

  /** Calls back when a forbidden file exists, and moves it aside. Returns a function that stops watching. */
  watch(onForbidden: () => void): () => void {
    const { absent, before } = this.#guards;
    const names = new Set(absent.map((path) => basename(path)));
    let isOver = false;
    const look = () => {
      this.#looking = this.#looking.then(async () => {
        const found = isOver ? [] : await this.#forbidden();
        if (found.length === 0) return;
        onForbidden();
        // Files that cannot be moved now are tried again in `finish`, which reports them.
        await this.#putAside(found).catch(() => undefined);
      });
    };
    const closers: (() => void)[] = [];
    for (const folder of new Set([...before.keys(), ...absent.map((path) => dirname(path))])) {
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          if (name === null || names.has(name) || isForbiddenAtRoot(name)) look();
        });
        watcher.on('error', () => watcher.close());
        closers.push(() => watcher.close());
      } catch {
        // The system has no more watches left, or the folder does not exist yet.
        const timer = setInterval(look, POLL_MS).unref();
        closers.push(() => clearInterval(timer));
      }
    }
    return () => {
      isOver = true;
      for (const close of closers) close();
    };
  }

  /** Moves the remaining files aside, and returns notes for the user. */
  async finish(): Promise<string[]> {
    await this.#looking;
    const unwanted = await existing(this.#guards.unwanted);
    await this.#putAside([...(await this.#forbidden()), ...unwanted, ...(await this.#obeyed())]);
    return this.#notes;
  }

  async #forbidden(): Promise<string[]> {
    const obeyed = await this.#obeyed();
    return [
      ...(await existing(this.#guards.absent)),
      ...obeyed.filter((path) => isForbiddenAtRoot(basename(path))),
    ];
  }

  /** At the top of the folders; also files that replaced one that was moved aside. */
  async #obeyed(): Promise<string[]> {
    const found: string[] = [];
    for (const [root, before] of this.#guards.before) {
      const now = await readdir(root).catch(() => []);
      for (const name of now.filter((one) => isGuardedAtRoot(one) && !one.includes(ASIDE))) {
        if (await isNew(root, name, before.get(name), now)) found.push(join(root, name));
      }
    }
    return found;
  }

  async #putAside(paths: readonly string[]): Promise<void> {
    for (const path of new Set(paths)) {
      const away = `${path}${asideSuffix()}`;
      const isMoved = await rename(path, away).then(
        () => true,
        (error: unknown) => {
          // Removed, or moved aside by another Synapse process that watches the same folder.
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
          throw error;
        },
      );
      if (!isMoved) continue;
      this.#notes.push(
        `The command created "${path}", which other programs act on; it was renamed to "${away}".`,
      );
    }
  }
}

/** A name that a command could not have created beforehand. */
export function asideSuffix(): string {
  return `${ASIDE}${randomBytes(4).toString('hex')}`;
}

/** Whether the file is new, has another target, or was moved aside by another Synapse process. */
async function isNew(
  root: string,
  name: string,
  before: GuardedFile | null | undefined,
  now: readonly string[],
): Promise<boolean> {
  if (!before) return true;
  const path = join(root, name);
  if (before.link !== null) return before.link !== (await readlink(path).catch(() => null));
  for (const aside of now.filter((one) => one.startsWith(`${name}${ASIDE}`))) {
    const stats = await lstat(join(root, aside), { bigint: true }).catch(() => undefined);
    if (stats && identityOf(stats) === before.identity) return true;
  }
  return false;
}

/** Also true for a broken link, whose target the next command could create. */
async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      lstat(path).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return found.flat();
}
