import { randomBytes } from 'node:crypto';
import { watch } from 'node:fs';
import { lstat, readdir, readlink, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isNeverAtRoot, isObeyedAtRoot, obeyedAtRoot } from '../workspace/guarded-names.ts';
import { identityOf, type Guards, type Obeyed } from './find-guards.ts';

const POLL_MS = 100;
const ASIDE = '.untrusted-';

type Watched = Pick<Guards, 'absent' | 'unwanted' | 'before'>;

/**
 * What comes to be in the folders while a command runs, though other programs obey it. A sandbox can
 * only guard what exists, and anything put in the place of the rest would be seen by everybody and
 * could be taken away by another process. So these names are watched, and what appears is put aside,
 * where no program looks for it.
 */
export class Newcomers {
  readonly #guards: Watched;
  readonly #notes: string[] = [];
  #looking: Promise<void> = Promise.resolve();

  constructor(guards: Watched) {
    this.#guards = guards;
  }

  /** What to put aside where nobody is left to look: paths that do not exist now. */
  names(): string[] {
    const { absent, unwanted, before } = this.#guards;
    const atRoot = [...before].flatMap(([root, names]) => {
      // Where letters have no case, a file may be there under another spelling.
      const taken = new Set([...names.keys()].map((name) => name.toLowerCase()));
      const free = obeyedAtRoot().filter((name) => !taken.has(name.toLowerCase()));
      return free.map((name) => join(root, name));
    });
    return [...new Set([...absent, ...unwanted, ...atRoot])];
  }

  /** Calls back when something is there that must not be, and puts it aside. Returns what ends this. */
  watch(onForbidden: () => void): () => void {
    const { absent, before } = this.#guards;
    const names = new Set(absent.map((path) => basename(path)));
    let isOver = false;
    const look = () => {
      this.#looking = this.#looking.then(async () => {
        const found = isOver ? [] : await this.#forbidden();
        if (found.length === 0) return;
        onForbidden();
        // What cannot be moved now is tried again in `finish`, which says so.
        await this.#putAside(found).catch(() => undefined);
      });
    };
    const closers: (() => void)[] = [];
    for (const folder of new Set([...before.keys(), ...absent.map((path) => dirname(path))])) {
      try {
        const watcher = watch(folder, { persistent: false }, (_event, name) => {
          if (name === null || names.has(name) || isNeverAtRoot(name)) look();
        });
        watcher.on('error', () => watcher.close());
        closers.push(() => watcher.close());
      } catch {
        // The system has no more watches to give, or the folder does not exist yet.
        const timer = setInterval(look, POLL_MS).unref();
        closers.push(() => clearInterval(timer));
      }
    }
    return () => {
      isOver = true;
      for (const close of closers) close();
    };
  }

  /** Puts aside whatever is left, and returns what the person should know of. */
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
      ...obeyed.filter((path) => isNeverAtRoot(basename(path))),
    ];
  }

  /** At the top of the folders; also what has taken the place of something that was put aside. */
  async #obeyed(): Promise<string[]> {
    const found: string[] = [];
    for (const [root, before] of this.#guards.before) {
      const now = await readdir(root).catch(() => []);
      for (const name of now.filter((one) => isObeyedAtRoot(one) && !one.includes(ASIDE))) {
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
          // Gone by itself, or put aside by another Synapse that watches the same folder.
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

/** Nothing that a command could have made beforehand. */
export function asideSuffix(): string {
  return `${ASIDE}${randomBytes(4).toString('hex')}`;
}

/** Whether it was not there, leads elsewhere now, or stands where another Synapse put something aside. */
async function isNew(
  root: string,
  name: string,
  before: Obeyed | null | undefined,
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

/** Also a link that leads nowhere: the next command would fill it. */
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
