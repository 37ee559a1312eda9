import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Which folders a person trusts. Nothing that a folder brings along (settings, servers, hooks,
 * instructions) is used before it is among them. Trust holds for exactly the folder, by its path
 * without links: what is unpacked or linked into a trusted one is not trusted with it.
 */
export interface FolderTrust {
  isTrusted(folder: string): Promise<boolean>;
  trust(folder: string): Promise<void>;
  revoke(folder: string): Promise<void>;
  list(): Promise<string[]>;
}

/** `file` lies in the state folder; where it is missing or damaged, nothing is trusted. */
export function createFolderTrust(file: string): FolderTrust {
  const change = async (edit: (folders: Set<string>) => void): Promise<void> => {
    const folders = new Set(await readFolders(file));
    edit(folders);
    await writeFolders(file, [...folders].sort());
  };
  return {
    async isTrusted(folder) {
      const real = await realpath(folder).catch(() => undefined);
      return real !== undefined && (await readFolders(file)).includes(real);
    },
    async trust(folder) {
      const real = await realpath(folder);
      await change((folders) => folders.add(real));
    },
    async revoke(folder) {
      const real = await realpath(folder).catch(() => folder);
      await change((folders) => folders.delete(real));
    },
    list: () => readFolders(file),
  };
}

async function readFolders(file: string): Promise<string[]> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    const isList = Array.isArray(content) && content.every((one) => typeof one === 'string');
    return isList ? content : [];
  } catch {
    return [];
  }
}

async function writeFolders(file: string, folders: readonly string[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    // The umask may have taken more away than it should.
    await handle.chmod(0o600);
    await handle.writeFile(`${JSON.stringify(folders, null, 2)}\n`);
    await handle.sync();
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}
