import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHastyClock } from '@synapse/test/fakes/hasty-clock';
import { callOne, openTestbed, scripted, type Testbed } from '@synapse/test/support/mcp-testbed';

const never = new AbortController().signal;

describe('the cache of tools', () => {
  let testbed: Testbed;
  let file: string;
  beforeEach(async () => {
    testbed = await openTestbed();
    file = join(testbed.folder, 'cache', 'mcp', 'one.json');
    await (await testbed.openOne(scripted())).list(never);
  });
  afterEach(() => testbed.close());

  it('offers tools without starting the server, and starts it for the first call', async () => {
    const source = await testbed.openOne(scripted());
    const tools = await source.list(never);
    expect(tools.length).toBeGreaterThan(20);
    expect(source.status().state).toBe('idle');
    expect((await callOne(source, 'echo', { text: 'x' })).output).toBe('echo: x');
    expect(source.status().state).toBe('ready');
  });

  it('is readable by its owner alone and holds no value of a variable', async () => {
    const environment = { ...process.env, TOKEN: 'canary-value' };
    const source = await testbed.openOne(
      { ...scripted(), env: { TOKEN: '${TOKEN}' } },
      { environment },
    );
    await source.list(never);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(file, '..'))).mode & 0o777).toBe(0o700);
    expect(await readFile(file, 'utf8')).not.toContain('canary');
    expect(await readdir(join(file, '..'))).toEqual(['one.json']);
  });

  it('is passed over when the entry has changed', async () => {
    const source = await testbed.openOne({ ...scripted(), env: { A: 'b' } });
    await source.list(never);
    expect(source.status().state).toBe('ready');
  });

  it('is passed over when it is a week old', async () => {
    const clock = createHastyClock();
    clock.skip(7 * 24 * 3_600_000);
    const source = await testbed.openOne(scripted(), { clock });
    await source.list(never);
    expect(source.status().state).toBe('ready');
  });

  it.each(['', '{', 'null', '[]', '{"format": 1}', '{"format": 99, "tools": []}'])(
    'is passed over when it is damaged: %s',
    async (text) => {
      await writeFile(file, text);
      const source = await testbed.openOne(scripted());
      expect((await source.list(never)).length).toBeGreaterThan(20);
      expect(source.status().state).toBe('ready');
    },
  );

  it('does not outlive a tool that is gone', async () => {
    const stored = JSON.parse(await readFile(file, 'utf8')) as { tools: object[] };
    stored.tools.push({ name: 'gone', inputSchema: { type: 'object' } });
    await writeFile(file, JSON.stringify(stored));
    const source = await testbed.openOne(scripted());
    const names = async () => (await source.list(never)).map(({ name }) => name);
    expect(await names()).toContain('mcp__one__gone');
    const result = await callOne(source, 'gone');
    expect(result).toMatchObject({ isError: true, output: expect.stringContaining('not offer') });
    expect(await names()).not.toContain('mcp__one__gone');
  });
});
