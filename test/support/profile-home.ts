import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A home folder with a project in it, and the working folder in the project. */
export interface ProfileHome {
  here: string;
  root: string;
  home: string;
  configHome: string;
  /** Writes files by their path from the root of the project; `~/` begins at the home folder. */
  write(files: Readonly<Record<string, string>>): void;
  /** Makes a link at the path. */
  link(path: string, target: string): void;
  remove(): void;
}

export function createProfileHome(): ProfileHome {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'synapse profiles ')));
  const root = join(home, 'project');
  const here = join(root, 'src');
  mkdirSync(here, { recursive: true });
  const place = (path: string) => {
    const full = path.startsWith('~/') ? join(home, path.slice(2)) : join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    return full;
  };
  return {
    ...{ here, root, home, configHome: join(home, '.config') },
    write(files) {
      for (const [path, text] of Object.entries(files)) writeFileSync(place(path), text);
    },
    link: (path, target) => symlinkSync(target, place(path)),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
