import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';

describe('synapse serve', () => {
  let home: SynapseHome;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    home.remove();
  });

  /** The server, with a way to read its lines and to stop it. */
  const start = (...args: string[]) => {
    const started = home.start(['serve', '--port', '0', ...args]);
    child = started;
    const outcome = outcomeOf(started);
    const lines = createInterface({ input: started.stdout! })[Symbol.asyncIterator]();
    const readLine = async () => (await lines.next()).value as string;
    const stop = () => {
      started.kill('SIGTERM');
      return outcome;
    };
    return { readLine, stop };
  };
  const tokenFile = () => join(home.folder, '.local/state/synapse/serve-token');
  const ask = (url: string, token: string, method = 'GET', body?: string) =>
    fetch(`${url}/api/sessions`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });

  it('shows the token of this machine once, keeps it 0600, and stops at SIGTERM', async () => {
    const first = start();
    const url = (await first.readLine()).replace('listening on ', '');
    expect(url).toMatch(/^http:[/][/]127[.]0[.]0[.]1:\d+$/);
    const [address, token = ''] = (await first.readLine()).split('#token=');
    expect(address).toBe(`open ${url}/`);
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    expect(readFileSync(tokenFile(), 'utf8')).toBe(`${token}\n`);
    expect((await ask(url, token, 'POST', '{"title":"Trip"}')).status).toBe(201);
    expect(await first.stop()).toMatchObject({ exitCode: 0, stderr: '' });

    const second = start('--json');
    const printed = readOutput('serve', await second.readLine()) as { url: string };
    expect(printed).toMatchObject({ tokenFile: tokenFile() });
    const reply = (await (await ask(printed.url, token)).json()) as { items: object[] };
    expect(reply.items).toMatchObject([{ title: 'Trip' }]);
    const { exitCode, stdout, stderr } = await second.stop();
    expect([exitCode, stdout.trimEnd().split('\n').length]).toEqual([0, 1]);
    expect(stderr).toContain(tokenFile());
    expect(stdout + stderr).not.toContain(token);
    const log = readFileSync(join(home.folder, '.local/state/synapse/synapse.log'), 'utf8');
    expect(log).toContain('/api/sessions');
    expect(log).not.toContain(token);
  });

  it('takes tokens of other commands while it runs, and no longer when they are revoked', async () => {
    const server = start('--json');
    const { url } = readOutput('serve', await server.readLine()) as { url: string };
    const token = (await home.run(['serve', 'tokens', 'create', 'laptop'])).stdout.trim();
    expect((await ask(url, token)).status).toBe(200);
    expect((await ask(url, token, 'POST', '{}')).status).toBe(403);
    const listed = await home.run(['serve', 'tokens', 'list']);
    expect(listed.stdout).toContain('laptop');
    expect(listed.stdout).not.toContain(token);
    expect(await home.run(['serve', 'tokens', 'revoke', 'laptop'])).toMatchObject({
      stdout: 'revoked laptop\n',
    });
    expect((await ask(url, token)).status).toBe(401);
    expect((await server.stop()).exitCode).toBe(0);
  });

  it('warns where other machines can reach it', async () => {
    const server = start('--host', '0.0.0.0', '--json');
    expect(await server.readLine()).toContain('"url":"http://127.0.0.1:');
    expect((await server.stop()).stderr).toContain('other machines can reach this server');
  });

  it('says that the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const { exitCode, stderr } = await home.run(['serve', '--port', String(port)]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`The port ${port} of 127.0.0.1 is in use.`);
    } finally {
      other.close();
    }
  });

  it('refuses an action and a scope that it does not know', async () => {
    expect((await home.run(['serve', 'tokens', 'show'])).exitCode).toBe(2);
    expect((await home.run(['serve', 'tokens', 'create'])).exitCode).toBe(2);
    const unknown = await home.run(['serve', 'tokens', 'create', 'x', '--scope', 'root']);
    expect(unknown.exitCode).toBe(2);
  });
});
