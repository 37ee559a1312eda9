import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = process.cwd();
const rules = createRequire(join(root, 'x.js'))('./.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
};

/** A violation of each rule: the file that commits it, and what it imports. */
const planted: Record<string, [file: string, imported: string]> = {
  'no-cycles': ['packages/core/src/a.ts', './b.ts'],
  resolvable: ['packages/core/src/c.ts', './nowhere.ts'],
  'core-depends-on-nothing': ['packages/core/src/d.ts', 'leftpad'],
  'config-depends-on-nothing-of-ours': ['config/e.ts', '../packages/core/src/ok.ts'],
  'adapters-know-core-only': ['packages/provider-x/src/f.ts', '../../storage-x/src/ok.ts'],
  'portability-knows-core-only': ['packages/portability/src/o.ts', '../../storage-x/src/ok.ts'],
  'only-storage-knows-the-sql-base': ['packages/app/src/wiring.ts', '../../storage-knex/src/ok.ts'],
  'only-providers-know-the-transport': [
    'packages/storage-x/src/j.ts',
    '../../provider-http/src/ok.ts',
  ],
  'only-the-wiring-names-adapters': ['packages/cli/src/g.ts', '../../storage-x/src/ok.ts'],
  'the-app-knows-no-face': ['packages/app/src/m.ts', '../../terminal/src/ok.ts'],
  'only-faces-know-the-app': ['packages/tools-x/src/n.ts', '../../app/src/ok.ts'],
  'nothing-imports-a-face': ['packages/provider-x/src/h.ts', '../../cli/src/ok.ts'],
  'terminal-depends-on-nothing-of-ours': ['packages/terminal/src/k.ts', '../../core/src/ok.ts'],
  'markdown-depends-on-nothing-of-ours': ['packages/markdown/src/t.ts', '../../core/src/ok.ts'],
  'only-terminal-and-page-know-markdown': ['packages/cli/src/u.ts', '../../markdown/src/ok.ts'],
  'only-the-cli-knows-the-terminal': ['packages/storage-x/src/l.ts', '../../terminal/src/ok.ts'],
  'the-page-stands-alone': ['packages/web/src/r.ts', '../../core/src/ok.ts'],
  'nothing-imports-the-page': ['test/s.ts', '../packages/web/src/ok.ts'],
  'only-serve-knows-the-http-api': ['packages/cli/src/p.ts', '../../http-api/src/ok.ts'],
  'the-http-api-knows-no-adapter': ['packages/http-api/src/q.ts', '../../storage-x/src/ok.ts'],
  'test-kit-is-for-tests': ['packages/core/src/i.ts', '../../../test/ok.ts'],
};
const libraries = rules.forbidden.filter(({ name }) => name.startsWith('home-of-'));

describe('the dependency rules', () => {
  let folder: string;
  let found: Set<string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'synapse-rules-'));
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    for (const name of ['tsconfig.base.json', '.dependency-cruiser.cjs']) {
      cpSync(join(root, name), join(folder, name));
    }
    // The cruiser looks for its compiler from where it runs.
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(join(root, 'node_modules/typescript'), join(folder, 'node_modules/typescript'));
    for (const place of [
      ...['core', 'app', 'cli', 'terminal', 'markdown', 'http-api', 'web'],
      ...['storage-x', 'storage-knex', 'provider-http'],
    ]) {
      write(`packages/${place}/src/ok.ts`, 'export const ok = 1;\n');
    }
    write('test/ok.ts', 'export const ok = 1;\n');
    write('packages/core/src/b.ts', "import type {} from './a.ts';\n");
    write('node_modules/leftpad/index.js', '');
    for (const [file, imported] of Object.values(planted)) write(file, `import '${imported}';\n`);
    for (const [index, { name }] of libraries.entries()) {
      const library = libraryOf(name);
      write(`node_modules/${library}/index.js`, '');
      write(`node_modules/${library}/package.json`, `{"name":"${library}","main":"index.js"}`);
      write(`packages/tools-x/src/library-${index}.ts`, `import '${library}';\n`);
    }
    found = violations(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(rules.forbidden.map(({ name }) => name))('notice a violation of %s', (name) => {
    const library = libraries.findIndex((rule) => rule.name === name);
    const file = planted[name]?.[0] ?? `packages/tools-x/src/library-${library}.ts`;
    expect([...found]).toContain(`${name} ${file}`);
  });
});

/** `home-of-modelcontextprotocol-sdk` is the home of `@modelcontextprotocol/sdk`. */
function libraryOf(rule: string): string {
  const homes: Record<string, string> = {
    'anthropic-ai-sdk': '@anthropic-ai/sdk',
    'cfworker-json-schema': '@cfworker/json-schema',
    'decimalturn-toml-patch': '@decimalturn/toml-patch',
    'modelcontextprotocol-sdk': '@modelcontextprotocol/sdk',
    'napi-rs-keyring': '@napi-rs/keyring',
    'oclif-core': '@oclif/core',
    'hono-node-server': '@hono/node-server',
    'preact-signals': '@preact/signals',
    'valibot-to-json-schema': '@valibot/to-json-schema',
  };
  const name = rule.slice('home-of-'.length);
  return homes[name] ?? name;
}

function violations(folder: string): Set<string> {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['packages', 'config', 'test'],
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'json'],
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  if (stdout === '') throw new Error(stderr);
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  return new Set(summary.violations.map(({ rule, from }) => `${rule.name} ${from}`));
}
