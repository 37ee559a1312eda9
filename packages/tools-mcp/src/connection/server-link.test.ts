import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '@synapse/core';
import { createHastyClock } from '@synapse/test/fakes/hasty-clock';
import { callOne, openTestbed, scripted, type Testbed } from '@synapse/test/support/mcp-testbed';

let testbed: Testbed;
beforeEach(async () => {
  testbed = await openTestbed();
});
afterEach(() => testbed.close());

const never = new AbortController().signal;

describe('a server that cannot be used', () => {
  it.each([
    ['exit', 'ended by itself (exit code 1)'],
    ['silent', 'did not answer in time'],
    ['silent-list', 'did not answer in time'],
    ['bad-version', 'failed: '],
    ['chatter', 'does not speak MCP on stdout'],
    ['not-a-list', 'listed no tools'],
  ])('offers nothing and says why: %s', async (start, reason) => {
    const startTimeoutMs = start.startsWith('silent') ? 500 : 60_000;
    const source = await testbed.openOne(scripted(start), { startTimeoutMs });
    expect(await source.list(never)).toEqual([]);
    expect(source.status().state).toMatch(/^(failed|crashed)$/);
    await expect(source.connect(never)).rejects.toThrow(`The MCP server "one" ${reason}`);
    const result = await callOne(source, 'echo');
    expect(result.isError).toBe(true);
    expect(result.output).not.toContain('took effect');
  });

  it('names a command that does not exist', async () => {
    const source = await testbed.openOne({ command: '/no/such/command' });
    expect(await source.list(never)).toEqual([]);
    expect(source.status()).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('there is no such command or folder'),
    });
  });

  it('does not affect the other servers', async () => {
    const opened = await testbed.open({
      mute: scripted('silent'),
      dead: scripted('exit'),
      well: scripted(),
    });
    const [mute, dead, well] = opened.sources.map((source) => source.list(never));
    expect(await dead).toEqual([]);
    expect(await well).not.toEqual([]);
    await opened.close();
    expect(await mute).toEqual([]);
  });

  it.each(['silent', 'silent-list'])('is waited for once: %s', async (start) => {
    const hasty = createHastyClock();
    let waits = 0;
    const sleep: Clock['sleep'] = (ms, signal) => {
      if (ms === 200) waits += 1;
      return hasty.sleep(ms, signal);
    };
    const clock = { ...hasty, sleep };
    const source = await testbed.openOne(scripted(start), { listPatienceMs: 200, clock });
    for (let round = 0; round < 20; round++) expect(await source.list(never)).toEqual([]);
    expect(waits).toBe(1);
  });

  it('is not waited for longer than the patience, and is there for the next list', async () => {
    const source = await testbed.openOne(scripted(), { listPatienceMs: 1 });
    expect(await source.list(never)).toEqual([]);
    await source.connect(never);
    expect(await source.list(never)).not.toEqual([]);
  });
});

describe('a server that crashes', () => {
  it('is restarted once, and then no more until it is asked for', async () => {
    const source = await testbed.openOne(scripted(), { clock: createHastyClock() });
    await callOne(source, 'crash');
    expect(source.status()).toMatchObject({ state: 'crashed' });
    expect((await callOne(source, 'echo', { text: 'back' })).output).toBe('echo: back');
    await callOne(source, 'crash');
    expect(source.status()).toMatchObject({
      state: 'failed',
      reason: 'ended by itself (exit code 3)',
    });
    expect((await callOne(source, 'echo')).isError).toBe(true);
    expect(await source.list(never)).toEqual([]);
    await source.connect(never);
    expect((await callOne(source, 'echo', { text: 'forgiven' })).output).toBe('echo: forgiven');
  });

  it('may crash again after a time of health', async () => {
    const clock = createHastyClock();
    const source = await testbed.openOne(scripted(), { clock });
    for (let round = 0; round < 3; round++) {
      await callOne(source, 'crash');
      expect(source.status().state).toBe('crashed');
      expect((await callOne(source, 'echo')).isError).toBe(false);
      clock.skip(61_000);
    }
  });

  it('does not loop when it crashes at every list', async () => {
    const source = await testbed.openOne(scripted('crash-at-list'), { clock: createHastyClock() });
    for (let round = 0; round < 5; round++) expect(await source.list(never)).toEqual([]);
    expect(source.status().state).toBe('failed');
    const losses = testbed.logger.lines.filter(({ message }) => message.includes('was lost'));
    expect(losses.length).toBeLessThanOrEqual(2);
  });
});
