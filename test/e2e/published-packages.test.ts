import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRegistry, type Registry } from '@synapse/test/support/npm-registry';
import { packPackages, type PackedPackage } from '@synapse/test/support/packed-packages';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';

const ROOT = process.cwd();

describe('the packages that are published', () => {
  const place = temporaryFolder();
  const packages = packPackages(place);
  const libraries = packages.filter(({ manifest }) => manifest.exports !== undefined);

  it('are all but the tests', () => {
    const folders = packages.map(({ name }) => name.replace('@synapse/', '')).sort();
    expect(folders).toContain('cli');
    expect(folders).not.toContain('test');
    expect(libraries).toHaveLength(packages.length - 1);
  });

  it.each(packages.map((each) => [each.name, each] as const))(
    '%s says under which terms, from whom and for which Node it is',
    (_name, { manifest, files, folder }) => {
      expect(manifest).toMatchObject({
        license: 'MIT',
        engines: { node: '>=20.19.0' },
        publishConfig: { access: 'public', provenance: true },
      });
      expect(files).toContain('LICENSE');
      const licence = readFileSync(join(folder, 'LICENSE'), 'utf8');
      expect(licence).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
    },
  );

  it.each(packages.map((each) => [each.name, each] as const))(
    '%s holds what it exports and nothing of how it was made',
    (_name, { manifest, files }) => {
      const entry = manifest.exports?.['.'];
      if (typeof entry === 'object') {
        expect(files).toContain(entry.types?.slice(2));
        expect(files).toContain(entry.default?.slice(2));
      }
      const stray = /[.]test[.]|[.]tsbuildinfo$|(?<![.]d)[.]ts$|[.]d[.]ts[.]map$|^(?:src|test)\//;
      expect(files.filter((file) => stray.test(file))).toEqual([]);
    },
  );

  it('the command names what is bundled in it, with its licences', () => {
    const cli = packages.find(({ name }) => name === '@synapse/cli');
    const notices = readFileSync(join(cli!.folder, 'bundle/THIRD-PARTY-LICENCES.txt'), 'utf8');
    for (const name of ['knex', 'openai', '@anthropic-ai/sdk', '@oclif/core', 'pino', 'pg']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    }
    expect(notices).toContain('Permission is hereby granted');
  });

  it('the command holds the page, with its compressed forms', () => {
    const { files } = packages.find(({ name }) => name === '@synapse/cli')!;
    for (const name of ['page.json', 'index.html', 'index.html.br', 'index.html.gz']) {
      expect(files).toContain(`bundle/web/${name}`);
    }
  });

  it('the command holds what oclif’s own runner needs', () => {
    const cli = packages.find(({ name }) => name === '@synapse/cli')!;
    const { oclif } = cli.manifest as { oclif?: { commands: { target: string } } };
    expect(cli.files).toContain('oclif.manifest.json');
    expect(cli.files).toContain(oclif?.commands.target.slice(2));
  });

  it.each(libraries.map((each) => [each.name, each] as const))(
    '%s imports nothing that it does not list',
    (_name, { manifest, folder, files }) => {
      const listed = [
        manifest.name,
        ...Object.keys(manifest.dependencies ?? {}),
        ...Object.keys(manifest.optionalDependencies ?? {}),
        ...builtinModules,
      ];
      const imported = files
        .filter((file) => /[.]js$|[.]d[.]ts$/.test(file))
        .flatMap((file) => importsOf(readFileSync(join(folder, file), 'utf8')));
      expect(imported.filter((name) => !listed.includes(name))).toEqual([]);
    },
  );

  it('are imported, and typed, where there is nothing but what they list', () => {
    const consumer = join(place, 'consumer');
    for (const each of libraries) linkDependencies(each, packages);
    for (const { name, folder } of libraries) link(folder, join(consumer, 'node_modules', name));
    link(join(ROOT, 'node_modules/@types/node'), join(consumer, 'node_modules/@types/node'));
    const names = libraries.map(({ name }) => name);
    const code = names.map((name, index) => `import * as p${index} from '${name}';\n`).join('');
    const used = names.map((_, index) => `p${index}`).join(', ');
    writeFileSync(join(consumer, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(consumer, 'index.mts'),
      [
        `${code}import type { Store } from '@synapse/core';`,
        "import { createMemoryStore } from '@synapse/storage-memory';",
        'export const store: Store = createMemoryStore();',
        '// @ts-expect-error: it is typed',
        'export const count: number = createMemoryStore();',
        `console.log([${used}].every((each) => Object.keys(each).length > 0));`,
      ].join('\n'),
    );
    const typescript = createRequire(join(ROOT, 'x.js')).resolve('typescript/bin/tsc');
    const options = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--types', 'node'];
    const compiled = spawnSync(
      process.execPath,
      [typescript, ...options, '--skipLibCheck', 'index.mts'],
      { cwd: consumer, encoding: 'utf8' },
    );
    expect(compiled.stdout).toBe('');
    const said = execFileSync(process.execPath, ['index.mjs'], { cwd: consumer, encoding: 'utf8' });
    expect(said).toBe('true\n');
  });

  describe('the command', () => {
    let registry: Registry;
    let scriptless: Registry;
    beforeAll(async () => {
      registry = await openRegistry({ published: packages });
      // What the scripts of a package would have built is not there where they did not run.
      scriptless = await openRegistry({ published: packages, without: 'build' });
    });
    afterAll(() => Promise.all([registry.close(), scriptless.close()]));

    it('is installed with npm install -g, and remembers', async () => {
      const { prefix, run } = await install('whole', registry.url);
      expect(run('--version')).toMatchObject({ stdout: 'synapse 0.1.0\n', status: 0 });
      expect(run('--provider', 'demo', 'Hello')).toMatchObject({ stderr: '', status: 0 });
      expect(run('sessions', 'list').stdout).toContain('Hello');
      const installed = join(prefix, 'lib/node_modules/@synapse/cli/node_modules');
      const made = ['esbuild', 'jest', 'typescript', 'openai', '@synapse/core'];
      expect(made.filter((name) => existsSync(join(installed, name)))).toEqual([]);
    });

    it('says what to run where install scripts were blocked', async () => {
      const { run } = await install('scriptless', scriptless.url);
      const { stderr, status } = run('--provider', 'demo', 'Hello');
      expect(status).toBe(78);
      expect(stderr).toContain('npm install -g --allow-scripts=sqlite3 @synapse/cli');
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(run('--version').status).toBe(0);
    });

    async function install(name: string, url: string) {
      const prefix = join(place, name);
      const home = join(place, `home of ${name}`);
      mkdirSync(home, { recursive: true });
      const env = { PATH: process.env.PATH, HOME: home };
      const child = spawn(
        'npm',
        ['install', '-g', '@synapse/cli', '--prefix', prefix, '--registry', url, ...QUIETLY],
        { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      const output: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect({ code, output: code === 0 ? '' : Buffer.concat(output).toString() }).toEqual({
        code: 0,
        output: '',
      });
      const command = join(prefix, 'bin/synapse');
      const run = (...args: string[]) =>
        spawnSync(command, args, {
          env,
          cwd: home,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
      return { prefix, run };
    }
  });
});

const QUIETLY = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];

/** The packages that a file of ours imports. */
function importsOf(code: string): string[] {
  return ts.preProcessFile(code).importedFiles.flatMap(({ fileName }) => {
    const [scope = '', name = ''] = fileName.replace(/^node:/, '').split('/');
    if (scope.startsWith('.')) return [];
    return [scope.startsWith('@') ? `${scope}/${name}` : scope];
  });
}

/** Gives a package what it lists, and nothing else. */
function linkDependencies(
  { folder, manifest }: PackedPackage,
  all: readonly PackedPackage[],
): void {
  const require = createRequire(join(ROOT, 'packages', basenameOf(manifest.name), 'package.json'));
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const own = all.find((each) => each.name === name)?.folder;
    link(
      own ?? installed(name, require.resolve.paths(name) ?? []),
      join(folder, 'node_modules', name),
    );
  }
}

function installed(name: string, places: readonly string[]): string {
  const found = places.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
  if (found === undefined) throw new Error(`${name} is not installed here.`);
  return found;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function basenameOf(name: string): string {
  return name.replace('@synapse/', '');
}
