import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

describe('the network', () => {
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => home.remove());

  it('is asked for nothing by what needs no provider', async () => {
    const file = join(home.folder, 'before.cjs');
    writeFileSync(
      file,
      `const ends = (what) => () => { process.stderr.write(what); process.exit(99); };
      require('node:net').Socket.prototype.connect = ends('CONNECTS');
      require('node:dns').lookup = ends('LOOKS UP');`,
    );
    const environment = { NODE_OPTIONS: `--require "${file}"` };
    for (const words of [
      ['--provider', 'demo', 'Hello'],
      ['--provider', 'demo', '--dry-run', 'Hello'],
      ['sessions', 'list'],
      ['sessions', 'search', 'Hello'],
      ['usage'],
      ['config', 'list'],
      ['providers', 'list'],
      ['--version'],
    ]) {
      const { stderr, exitCode } = await home.run(words, { environment });
      expect({ words, stderr, exitCode }).toMatchObject({ words, exitCode: 0 });
    }
    const reaching = await home.run(['providers', 'test', 'ollama'], { environment });
    expect(reaching.exitCode).toBe(99);
  });

  describe('behind a proxy', () => {
    let double: ProviderDouble;
    let proxy: Server;
    let proxyUrl: string;
    let asked: (string | undefined)[];
    beforeEach(async () => {
      double = await openProviderDouble();
      double.script(chatReply({ text: ['fine'] }));
      asked = [];
      proxy = createServer().on('connect', (request, client) => {
        asked.push(request.url);
        const target = connect(Number(new URL(double.url).port), '127.0.0.1', () => {
          client.write('HTTP/1.1 200 OK\r\n\r\n');
          target.pipe(client).pipe(target);
        });
        client.on('error', () => target.destroy());
        target.on('error', () => client.destroy());
      });
      proxy.listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      await double.close();
      await new Promise((resolve) => proxy.close(resolve));
    });

    it('is reached through it', async () => {
      setUpDouble(home, { ...double, url: 'http://provider.invalid' });
      const environment = { http_proxy: proxyUrl };
      expect(await home.run(['hello'], { environment })).toMatchObject({
        ...{ stdout: 'fine\n', exitCode: 0 },
      });
      expect(asked).toEqual(['provider.invalid:80']);
    });

    it('is reached past it where NO_PROXY says so', async () => {
      setUpDouble(home, double);
      const environment = { http_proxy: proxyUrl, NO_PROXY: '127.0.0.1' };
      expect(await home.run(['hello'], { environment })).toMatchObject({ exitCode: 0 });
      expect(asked).toEqual([]);
    });
  });
});
