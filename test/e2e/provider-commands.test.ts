import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createMuteServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { SynapseHome, type RunOptions } from '@synapse/test/support/run-synapse';

const CANARY = 'sk-canary-0123456789abcdefghij';

describe('providers, models and keys', () => {
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => home.remove());

  const cache = () => ({ XDG_CACHE_HOME: join(home.folder, 'cache') });
  const json = async (name: string, args: string[], options: RunOptions = {}) => {
    const { stdout, stderr, exitCode } = await home.run([...args, '--json'], options);
    if (exitCode !== 0) throw new Error(stdout + stderr);
    return readOutput(name, stdout);
  };
  const provider = async (name: string, options: RunOptions = {}) => {
    const { items } = await json('providers-list', ['providers', 'list'], options);
    return (items as { name: string }[]).find((item) => item.name === name);
  };

  it('says which providers lack what', async () => {
    expect(await provider('openai')).toMatchObject({ missing: 'key' });
    const environment = { OPENAI_API_KEY: CANARY };
    expect(await provider('openai', { environment })).toMatchObject({
      missing: null,
      key: { source: 'environment', variable: 'OPENAI_API_KEY' },
    });
    expect(await provider('azure')).toMatchObject({ missing: 'address' });
    expect(await provider('demo')).toMatchObject({ missing: null });
  });

  it('tests a provider, and reports the failure', async () => {
    expect(await json('providers-test', ['providers', 'test', 'demo'])).toMatchObject({ ok: true });
    expect((await home.run(['providers', 'test', 'openai'])).exitCode).toBe(77);
    const misspelt = await home.run(['providers', 'test', 'opnai']);
    expect(misspelt).toMatchObject({ exitCode: 2, stdout: '' });
    expect(misspelt.stderr).toContain('"openai"');
  });

  it('keeps a key for its owner alone, uses it, never shows it, and forgets it', async () => {
    const stdin = `${CANARY}\r\n`;
    const kept = await json('keys-set', ['keys', 'set', 'openai', '--file'], { stdin });
    expect(kept).toMatchObject({ provider: 'openai', place: 'file' });
    expect(statSync(String(kept.path)).mode & 0o777).toBe(0o600);
    expect(await provider('openai')).toMatchObject({ missing: null, key: { source: 'file' } });

    await withServer(
      { status: 401, body: `{"error":{"message":"bad ${CANARY}"}}` },
      async (url) => {
        const environment = { OPENAI_BASE_URL: url };
        const args = ['providers', 'test', 'openai', '--verbose'];
        const failed = await home.run(args, { environment });
        expect(failed.exitCode).toBe(77);
        expect(failed.stdout + failed.stderr).not.toContain(CANARY);
      },
    );
    const listed = await home.run(['keys', 'list']);
    expect(listed.stdout).toContain('openai');
    expect(listed.stdout).not.toContain(CANARY);

    expect((await home.run(['keys', 'remove', 'openai'])).exitCode).toBe(2);
    expect(await json('keys-remove', ['keys', 'remove', 'openai', '--yes'])).toMatchObject({
      isRemoved: true,
    });
    expect(await json('keys-list', ['keys', 'list'])).toMatchObject({ items: [] });
    expect(readdirSync(join(home.folder, '.config/synapse'))).not.toContain('keys.json');
  });

  it('takes no key from the arguments and does not repeat it', async () => {
    const { stdout, stderr, exitCode } = await home.run(['keys', 'set', 'openai', CANARY]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('history');
    expect(stdout + stderr).not.toContain(CANARY);
  });

  it('rejects text that cannot be a key', async () => {
    const set = (stdin: string) => home.run(['keys', 'set', 'openai', '--file'], { stdin });
    expect((await set('')).exitCode).toBe(2);
    expect((await set('two words')).exitCode).toBe(65);
    expect((await set('\u001b[31mred')).exitCode).toBe(65);
    expect((await set('x'.repeat(100_000))).exitCode).toBe(65);
  });

  it('does not wait for a keyring that says nothing', async () => {
    const path = join(home.folder, 'bus');
    // It reads what it gets, or its end of the connection would stay open.
    const mute = createMuteServer((socket) => socket.resume()).listen(path);
    const environment = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path.replaceAll(' ', '%20')}` };
    const kept = await json('keys-set', ['keys', 'set', 'openai'], { environment, stdin: CANARY });
    expect(kept).toMatchObject({ place: 'file' });
    await new Promise((resolve) => mute.close(resolve));
  });

  it('refuses a key file that others can read or that is damaged', async () => {
    const args = ['keys', 'set', 'openai', '--file'];
    const { path } = await json('keys-set', args, { stdin: CANARY });
    chmodSync(String(path), 0o644);
    const open = await home.run(['keys', 'list']);
    expect(open.exitCode).toBe(78);
    expect(open.stderr).toContain('chmod 600');
  });

  it('lists models with what the price table knows, and asks once a day', async () => {
    const body = JSON.stringify({
      object: 'list',
      data: [
        { id: 'gpt-6-sol', object: 'model', created: 1, owned_by: 'x' },
        { id: 'new\u001b[2Jmodel', object: 'model', created: 1, owned_by: 'x' },
      ],
    });
    await withServer({ status: 200, body }, async (url, counts) => {
      const environment = { ...cache(), OPENAI_BASE_URL: url, OPENAI_API_KEY: CANARY };
      const args = ['models', '--provider', 'openai'];
      const { items } = await json('models', args, { environment });
      expect(items).toMatchObject([
        { id: 'gpt-6-sol', price: { inputPerMillion: 2 }, contextTokens: 1_050_000 },
        { price: null, contextTokens: null },
      ]);
      await json('models', args, { environment });
      expect(counts.requests).toBe(1);
      const shown = await home.run([...args, '--refresh'], { environment });
      expect(counts.requests).toBe(2);
      expect(shown.stdout).not.toContain('\u001b');
      const file = join(home.folder, 'cache/synapse/models/openai.json');
      expect(readFileSync(file, 'utf8')).not.toContain(CANARY);
    });
  });

  it('lists what can be asked although another provider fails', async () => {
    await withServer({ status: 500, body: 'no' }, async (url) => {
      const environment = { ...cache(), OPENAI_BASE_URL: url, OPENAI_API_KEY: CANARY };
      const { stdout, stderr, exitCode } = await home.run(['models', '--json'], { environment });
      expect(exitCode).toBe(0);
      expect(stderr).toContain('openai: ');
      expect(JSON.stringify(readOutput('models', stdout))).toContain('"provider":"demo"');
    });
  });
});

async function withServer(
  answer: { status: number; body: string },
  work: (url: string, counts: { requests: number }) => Promise<void>,
): Promise<void> {
  const counts = { requests: 0 };
  const server: Server = createServer((_request, response) => {
    counts.requests += 1;
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await work(`http://127.0.0.1:${port}/v1`, counts);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
