import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import {
  FileNotFoundError,
  InvalidDataError,
  NotPermittedError,
  type ToolSubject,
} from '@synapse/core';
import { isGuardedName, isSecretName } from './guarded-names.ts';
import { isHardLinkToSecret } from './hard-links.ts';
import { isHidden } from './ignore-rules.ts';
import { belongsTo, isInside, resolveMissing } from './paths.ts';
import { Place } from './place.ts';

export interface WorkspaceOptions {
  workingDirectory: string;
  /** Folders besides the working directory. */
  roots: readonly string[];
  /** Synapse's own files and folders; tools can neither read nor write them. */
  protectedPaths: readonly string[];
}

// The limit of Linux. Handles would allow deeper paths, and leave folders that no other program can
// remove.
const MAX_PATH_BYTES = 4095;

type Purpose = 'look' | 'read' | 'write';

/** The folders that tools may touch; all access goes through this class. */
export class Workspace {
  readonly workingDirectory: string;
  readonly #asked: readonly string[];
  readonly #protected: readonly string[];
  /** Roots without links, and the protected paths relative to them. */
  #resolved: Promise<{ roots: string[]; protectedPaths: string[] }> | undefined;

  constructor({ workingDirectory, roots, protectedPaths }: WorkspaceOptions) {
    this.workingDirectory = resolve(workingDirectory);
    this.#asked = [this.workingDirectory, ...roots.map((root) => resolve(workingDirectory, root))];
    this.#protected = protectedPaths.map((path) => resolve(path));
  }

  async roots(): Promise<string[]> {
    return (await this.#resolve()).roots;
  }

  async protectedPaths(): Promise<string[]> {
    return (await this.#resolve()).protectedPaths;
  }

  /** An argument that contains a path, as the subject of rules. */
  subject(argument: string): ToolSubject {
    const locate = async (path: string) => {
      const asked = resolve(this.workingDirectory, path);
      return Buffer.byteLength(asked) > MAX_PATH_BYTES ? asked : resolveMissing(asked);
    };
    return { argument, kind: 'path', locate };
  }

  /** Opens an existing file or folder. The result is inside the roots, is not a link, and is not guarded. */
  async open(path: string, purpose: Purpose): Promise<Place> {
    const asked = await this.#locate(path);
    return this.#verified(path, purpose, await this.#real(path, asked));
  }

  /**
   * Opens an entry of an open folder; undefined if tools may not see it. The caller has checked the
   * ignore files.
   */
  async openEntry(folder: Place, name: string): Promise<Place | undefined> {
    try {
      return await this.#verified(name, 'look', folder.at(name));
    } catch {
      return undefined;
    }
  }

  /** Opens the folder for a new file, and creates missing folders. */
  async openTarget(path: string): Promise<{ folder: Place; name: string }> {
    const asked = await this.#locate(path);
    const target = await realpath(asked).catch(() => asked);
    const name = basename(target);
    // Checked first, so that a refused write leaves no new folders behind.
    await this.#check(path, await resolveMissing(target), 'write');
    const folder = await this.#openFolder(path, dirname(target));
    try {
      await this.#check(path, join(folder.path, name), 'write');
      return { folder, name };
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** The path in the form that the model uses. */
  async display(path: string): Promise<string> {
    const [root = this.workingDirectory] = await this.roots();
    return isInside(root, path) ? relative(root, path) || '.' : path;
  }

  async #openFolder(path: string, folder: string): Promise<Place> {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined) {
      const place = await this.#verified(path, 'write', real);
      if (place.stats.isDirectory()) return place;
      await place.close();
      throw new InvalidDataError(`"${path}" can't be written: a part of the path is not a folder.`);
    }
    const parent = await this.#openFolder(path, dirname(folder));
    try {
      await this.#check(path, join(parent.path, basename(folder)), 'write');
      await mkdir(parent.at(basename(folder))).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      });
      return await this.#verified(path, 'write', parent.at(basename(folder)));
    } finally {
      await parent.close();
    }
  }

  async #verified(path: string, purpose: Purpose, real: string): Promise<Place> {
    const place = await Place.open(real);
    try {
      if (place.stats.isSymbolicLink()) {
        throw new NotPermittedError(
          `"${path}" is a broken link, or has just been replaced by one.`,
        );
      }
      await this.#check(path, place.path, purpose);
      if (place.stats.nlink > 1n && place.stats.isFile()) {
        const { protectedPaths } = await this.#resolve();
        if (await isHardLinkToSecret(place.stats, protectedPaths)) {
          throw new NotPermittedError(`"${path}" is another name of a secret file.`);
        }
      }
      return place;
    } catch (error) {
      await place.close();
      throw error;
    }
  }

  /** Checks the path alone, before anything outside is accessed. */
  async #locate(path: string): Promise<string> {
    if (path.includes('\0')) throw new InvalidDataError('A path cannot contain a NUL character.');
    if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
      throw new InvalidDataError(`A path cannot have more than ${MAX_PATH_BYTES} bytes.`);
    }
    if (path.startsWith('~')) {
      throw new NotPermittedError(`"${path}" is not used: "~" is not expanded.`, {
        hint: 'Give a path below the working directory.',
      });
    }
    const asked = resolve(this.workingDirectory, path);
    const { roots } = await this.#resolve();
    if (![...this.#asked, ...roots].some((root) => isInside(root, asked))) throw outside(path);
    return asked;
  }

  async #real(path: string, asked: string): Promise<string> {
    try {
      return await realpath(asked);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') {
        throw new FileNotFoundError(`There is no file or folder "${path}".`, { cause: error });
      }
      throw error;
    }
  }

  async #check(path: string, real: string, purpose: Purpose): Promise<void> {
    const { roots, protectedPaths } = await this.#resolve();
    const root = roots.find((one) => isInside(one, real));
    if (root === undefined || /^\/(proc|sys|dev)(\/|$)/.test(real)) throw outside(path);
    const inner = relative(root, real);
    if (protectedPaths.some((one) => belongsTo(one, real))) {
      throw new NotPermittedError(`"${path}" belongs to Synapse itself.`);
    }
    if (isSecretName(inner)) {
      throw new NotPermittedError(`"${path}" is refused: files with this name hold secrets.`);
    }
    if (purpose === 'write' && isGuardedName(inner)) {
      throw new NotPermittedError(
        `"${path}" is not written: other programs run this file or take settings from it.`,
        { hint: 'Ask the user to change it.' },
      );
    }
    if (purpose === 'write' && /\p{Cc}/u.test(inner)) {
      throw new NotPermittedError('A file name with control characters is not written.');
    }
    if (purpose !== 'look' && (await isHidden(root, inner))) {
      throw new NotPermittedError(`"${path}" is excluded by .synapseignore.`);
    }
  }

  #resolve(): Promise<{ roots: string[]; protectedPaths: string[] }> {
    this.#resolved ??= (async () => ({
      roots: await Promise.all(this.#asked.map((root) => realpath(root).catch(() => root))),
      protectedPaths: await Promise.all(this.#protected.map(resolveMissing)),
    }))();
    return this.#resolved;
  }
}

function outside(path: string): NotPermittedError {
  return new NotPermittedError(`"${path}" is outside the folders that tools may use.`, {
    hint: 'Only the working directory and the folders in tools.roots are open.',
  });
}
