import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedPackage } from './npm-registry.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface PackedPackage extends PublishedPackage {
  /** The paths in it. */
  files: string[];
  manifest: Manifest;
}

export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  license?: string;
  engines?: Record<string, string>;
  publishConfig?: Record<string, unknown>;
  exports?: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** All that is published, packed as npm does it and unpacked below `place`, each in its own folder. */
export function packPackages(place: string): PackedPackage[] {
  const args = ['pack', '--workspaces', '--ignore-scripts', '--json', '--pack-destination', place];
  const output = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  const packed = JSON.parse(output) as {
    name: string;
    filename: string;
    files: { path: string }[];
  }[];
  return packed.flatMap(({ name, filename, files }) => {
    const tarball = join(place, filename);
    const folder = join(place, 'unpacked', name);
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    if (manifest.private === true) return [];
    return [{ name, tarball, folder, files: files.map(({ path }) => path), manifest }];
  });
}
