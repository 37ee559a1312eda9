import { spawn } from 'node:child_process';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Registry {
  url: string;
  close(): Promise<void>;
}

export interface RegistryOptions {
  /** The packages that are to be published: where the tarball and the manifest of each lie. */
  published: readonly PublishedPackage[];
  /** What is left out of the packages of others, such as what their scripts have built. */
  without?: string;
}

export interface PublishedPackage {
  name: string;
  tarball: string;
  folder: string;
}

interface Version {
  manifest: { version: string };
  send(response: ServerResponse): void;
}

/** What npm asks of a registry, on loopback: our packages as packed, all others as installed here. */
export async function openRegistry({ published, without }: RegistryOptions): Promise<Registry> {
  const packages = installedPackages(without);
  for (const { name, folder, tarball } of published) {
    const send = (response: ServerResponse) => void createReadStream(tarball).pipe(response);
    packages.set(name, [{ manifest: manifestIn(folder), send }]);
  }
  const server = createServer((request, response) => {
    const [path = '', version] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/-/');
    const versions = packages.get(path) ?? [];
    const wanted = versions.find(({ manifest }) => manifest.version === version);
    if (wanted !== undefined) wanted.send(response);
    else if (version === undefined && versions.length > 0) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(toPackument(path, versions, `http://${request.headers.host}`)));
    } else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function installedPackages(without: string | undefined): Map<string, Version[]> {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { link?: boolean }>;
  };
  const packages = new Map<string, Version[]>();
  for (const [path, { link }] of Object.entries(lock.packages)) {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? [];
    const folder = join(ROOT, path);
    if (name === undefined || link === true || !existsSync(join(folder, 'package.json'))) continue;
    const send = (response: ServerResponse) => sendFolder(folder, without, response);
    packages.set(name, [...(packages.get(name) ?? []), { manifest: manifestIn(folder), send }]);
  }
  return packages;
}

function sendFolder(folder: string, without: string | undefined, response: ServerResponse): void {
  // What was built is linked to there, and npm unpacks no links.
  const left = [
    'node_modules',
    'build/Release/obj.target',
    ...(without === undefined ? [] : [without]),
  ];
  const excluded = left.map((name) => `--exclude=${basename(folder)}/${name}`);
  const tar = spawn('tar', ['-czf', '-', ...excluded, '-C', dirname(folder), basename(folder)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  tar.stdout.pipe(response);
}

function manifestIn(folder: string): Version['manifest'] {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Version['manifest'];
}

function toPackument(name: string, versions: readonly Version[], url: string): object {
  return {
    name,
    'dist-tags': { latest: versions[0]?.manifest.version },
    versions: Object.fromEntries(
      versions.map(({ manifest }) => [
        manifest.version,
        {
          ...manifest,
          dist: { tarball: `${url}/${encodeURIComponent(name)}/-/${manifest.version}` },
        },
      ]),
    ),
  };
}
