import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSettings } from '@synapse/config';
import { hasSandbox } from '@synapse/test/support/has-sandbox';
import { markdownBlocks } from '@synapse/test/support/markdown-blocks';
import {
  startPostgresServer,
  type PostgresServer,
} from '@synapse/test/support/postgres-server.mjs';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { eventStream } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { openAiResponsesWire } from '@synapse/test/support/wire/openai-responses-wire';
import pg from 'pg';

// What docs/guide/tools.md tells a reader to do who has no sandbox.
const settings = (await hasSandbox()) ? '' : '[tools]\nsandbox = "off"\n';
const guide = readdirSync('docs/guide').map((name) => `docs/guide/${name}`);
const pages = ['README.md', ...guide].map((path) => {
  const content = readFileSync(path, 'utf8');
  const blocksIn = (language: string) =>
    markdownBlocks(content).flatMap((block) => (block.language === language ? [block.text] : []));
  return { path, content, scripts: blocksIn('sh'), settings: blocksIn('toml') };
});

describe('README and docs/guide', () => {
  let double: ProviderDouble;
  let server: PostgresServer;
  beforeAll(async () => {
    double = await openProviderDouble();
    double.script(eventStream(...openAiResponsesWire({ text: ['Hi.'] })));
    server = await startPostgresServer();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('create database synapse');
    await client.end();
  });
  afterAll(async () => {
    await double.close();
    await server.stop();
  });

  /** What a reader has who did what the pages take for granted, and who stays in one terminal. */
  const read = async (path: string, scripts: readonly string[]) => {
    const home = new SynapseHome();
    const { username, password } = new URL(server.url);
    const programs = join(home.folder, 'bin');
    const project = join(home.folder, 'project');
    const settingsFile = join(home.folder, '.config/synapse/config.toml');
    mkdirSync(programs);
    mkdirSync(project);
    mkdirSync(dirname(settingsFile), { recursive: true });
    writeFileSync(settingsFile, settings, { mode: 0o600 });
    writeFileSync(
      join(programs, 'synapse'),
      `#!/bin/sh\nexec '${process.execPath}' '${process.cwd()}/packages/cli/bin/synapse.cjs' "$@"\n`,
    );
    chmodSync(join(programs, 'synapse'), 0o755);
    const { PATH = '', ...environment } = home.environment;
    try {
      const child = spawn('/bin/sh', ['-ex', '-c', scripts.join('\n')], {
        cwd: path === 'README.md' ? process.cwd() : project,
        env: {
          ...environment,
          PATH: [programs, join(process.cwd(), 'node_modules/.bin'), PATH].join(delimiter),
          OPENAI_BASE_URL: `${double.url}/v1`,
          PGPORT: String(server.port),
          PGUSER: username,
          PGPASSWORD: password,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [stdout, stderr] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      return { status: child.exitCode, stdout, stderr };
    } finally {
      home.remove();
    }
  };

  it.each(pages.filter(({ scripts }) => scripts.length > 0))(
    'has in $path commands that work as printed',
    async ({ path, scripts }) => {
      // The tests are running already.
      const commands = scripts.map((script) => script.replace(/^npm test$/m, ''));
      const { status, stdout, stderr } = await read(path, commands);
      expect(status === 0 ? '' : stderr).toBe('');
      expect(stdout).not.toBe('');
    },
  );

  it('fails if a command on a page fails', async () => {
    const { status, stderr } = await read('x.md', ['synapse --no-such-flag\nsynapse help']);
    expect(status).toBe(2);
    expect(stderr).toContain('--no-such-flag');
  });

  it.each(pages.filter(({ settings }) => settings.length > 0))(
    'has in $path settings that are understood',
    async ({ settings }) => {
      const home = new SynapseHome();
      const file = join(home.folder, 'config.toml');
      try {
        for (const toml of settings) {
          writeFileSync(file, toml, { mode: 0o600 });
          const variables = [...toml.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, 'x']);
          const own = { HOME: home.folder, SYNAPSE_CONFIG: file };
          const environment = { ...(Object.fromEntries(variables) as typeof own), ...own };
          await expect(loadSettings({ environment })).resolves.toBeDefined();
        }
      } finally {
        home.remove();
      }
    },
  );

  it.each(pages)('has in $path links to files that exist', ({ path, content }) => {
    const links = [...content.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(dirname(path), link)))).toEqual([]);
  });

  it.each(guide)('is led to %s from README', (path) => {
    expect(pages[0]?.content).toContain(`(${path})`);
  });
});
