import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const pdf = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');

describe('the attachments of a prompt', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let web: Server;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    double.script(chatReply({ text: ['seen'] }));
    setUpDouble(home, double);
    web = createServer((request, response) => {
      if (request.url === '/notes.txt') response.end('from the web');
      else if (request.url === '/there') response.writeHead(302, { location: '/notes.txt' }).end();
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
    await double.close();
    home.remove();
  });

  const put = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(home.folder, name), content);
    return name;
  };
  const webUrl = (path: string) => `http://127.0.0.1:${(web.address() as AddressInfo).port}${path}`;
  const lastSent = () => JSON.stringify(double.requests.at(-1)?.json().messages);

  it('puts text files behind the prompt, marked with their names', async () => {
    const file = put('a "b".txt', '\uFEFFone\r\ntwo\n');
    const { exitCode } = await home.run(['-f', file, '-f', put('c.md', '# c'), 'compare', 'these']);
    expect(exitCode).toBe(0);
    const sent = double.requests[0]?.json().messages as { content: string }[];
    expect(sent.at(-1)?.content.replaceAll(/\n+/g, '\n')).toBe(
      'compare these\n<file name="a \\"b\\".txt">\none\ntwo\n</file>\n<file name="c.md">\n# c\n</file>',
    );
    const { stdout } = await home.run(['sessions', 'list', '--json']);
    expect((JSON.parse(stdout) as { items: object[] }).items).toMatchObject([
      { title: 'compare these' },
    ]);
  });

  it('sends an image in this turn and in the next', async () => {
    await home.run(['-f', put('shot.png', png), 'what is it?']);
    const url = `data:image/png;base64,${png.toString('base64')}`;
    expect(lastSent()).toContain(url);
    await home.run(['-c', 'and now?']);
    expect(double.requests).toHaveLength(2);
    expect(lastSent()).toContain(url);
    const { stdout } = await home.run(['sessions', 'show', 'last', '--json']);
    expect(stdout).toContain('"name":"shot.png"');
    expect(stdout).not.toContain(png.toString('base64'));
  });

  it('only names an image to another model that is known to read none, and says so', async () => {
    setUpDouble(home, double, '[models.blind]\nimages = false\n');
    await home.run(['-f', put('shot.png', png), 'what is it?']);
    const { stderr, exitCode } = await home.run(['-c', '--model', 'double/blind', 'and now?']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('blind reads no images and gets only their names: shot.png');
    expect(lastSent()).toContain('The image \\"shot.png\\" is left out');
    expect(lastSent()).not.toContain('image_url');
    const back = await home.run(['-c', '--model', 'double/double-1', 'and you?']);
    expect(back.stderr).not.toContain('reads no images');
    expect(lastSent()).toContain('image_url');
  });

  it('sends a PDF, whatever it is called', async () => {
    const { exitCode } = await home.run(['-f', put('paper.txt', pdf), 'read']);
    expect(exitCode).toBe(0);
    const { stdout } = await home.run(['sessions', 'show', 'last', '--json']);
    expect(stdout).toContain('"mediaType":"application/pdf"');
  });

  it('takes stdin and web addresses, redirects followed', async () => {
    await home.run(['-f', '-', '-f', webUrl('/there'), 'x'], { stdin: png });
    expect(lastSent()).toContain(png.toString('base64'));
    expect(lastSent()).toContain('from the web');
  });

  it('refuses what it cannot send, by name, and asks and stores nothing', async () => {
    mkdirSync(join(home.folder, 'folder'));
    const cases: [string, number, string][] = [
      ['missing.txt', 66, 'There is no file "missing.txt"'],
      ['folder', 65, '"folder" is a folder'],
      [put('program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2])), 65, '"program" is neither'],
      [put('latin.txt', Buffer.from('caf\xe9', 'latin1')), 65, '"latin.txt" is neither'],
      ['/dev/zero', 65, '"zero" is larger than 16 MiB'],
      [webUrl('/gone'), 66, 'answered with status 404'],
      ['http://127.0.0.1:9/x', 66, 'cannot be reached'],
      ['http://[', 2, 'not a web address'],
    ];
    for (const [source, code, words] of cases) {
      const { stdout, stderr, exitCode } = await home.run(['-f', source, 'x']);
      expect([source, stdout, exitCode]).toEqual([source, '', code]);
      expect(stderr).toContain(words);
    }
    expect(double.requests).toEqual([]);
    expect((await home.run(['sessions', 'list', '--json'])).stdout).toContain('"items":[]');
  });

  it('reads instructions from a file', async () => {
    await home.run(['--system-file', put('system.md', 'Be brief.\n'), 'x']);
    expect(double.requests[0]?.json().messages).toMatchObject([
      { role: 'system', content: 'Be brief.' },
      { role: 'user' },
    ]);
    expect(await home.run(['--system-file', 'nowhere', 'x'])).toMatchObject({ exitCode: 66 });
  });

  it('shows what would be sent, without a key, and neither sends nor stores it', async () => {
    const args = ['--dry-run', '-p', 'anthropic', '-f', put('shot.png', png), '--system', 'Brief.'];
    const { stdout, exitCode } = await home.run([...args, 'what is it?']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('of anthropic at https://api.anthropic.com');
    expect(stdout).toContain('system\n  Brief.');
    expect(stdout).toContain('user\n  what is it?\n  [image shot.png] image/png, 16 B');
    expect(stdout).toMatch(/About \S+ tokens, \$0\.\d+ before the answer/);
    const { stdout: json } = await home.run([...args, '--json', 'x']);
    expect(readOutput('dry-run', json)).toMatchObject({
      type: 'dry-run',
      provider: 'anthropic',
      request: { systemPrompt: 'Brief.', messages: [{ role: 'user' }] },
    });
    expect((await home.run(['sessions', 'list', '--json'])).stdout).toContain('"items":[]');
    expect(double.requests).toEqual([]);
  });

  it('shows the whole of a session that would be sent', async () => {
    await home.run(['-s', 'plan', '-f', put('shot.png', png), 'first']);
    const { stdout } = await home.run(['-s', 'plan', '--dry-run', 'second']);
    expect(stdout).toMatch(
      /first[^]*\[image shot.png\][^]*assistant\n {2}seen\n\nuser\n {2}second/,
    );
    expect(double.requests).toHaveLength(1);
  });
});
