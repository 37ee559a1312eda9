import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { endsSoon } from '@synapse/test/support/is-running';
import { openTestbed, scripted, type Testbed } from '@synapse/test/support/mcp-testbed';

const never = new AbortController().signal;

describe('openMcpSources', () => {
  let testbed: Testbed;
  beforeEach(async () => {
    testbed = await openTestbed();
  });
  afterEach(() => testbed.close());

  it('makes a source for each server that is not disabled, and starts none', async () => {
    const { sources, problems, notes } = await testbed.open({
      a: scripted(),
      off: { ...scripted(), disabled: true },
      bad: {},
      b: { ...scripted(), other: 1 },
    });
    expect(sources.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(sources.map((source) => source.status().state)).toEqual(['idle', 'idle']);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('server "bad" has neither "command" nor "url"'),
    ]);
    expect(notes).toEqual([expect.stringContaining('"other" is unknown')]);
  });

  it('starts all servers at once, each with its own fate', async () => {
    const opened = await testbed.open(
      { a: scripted(), mute: scripted('silent'), dead: scripted('exit'), deaf: scripted('silent') },
      { startTimeoutMs: 15_000 },
    );
    const connected = opened.connectAll(never);
    const states = opened.sources.map((source) => source.status().state);
    expect(states).toEqual(Array.from({ length: 4 }, () => 'starting'));
    await connected;
    expect(opened.sources.map((source) => source.status().state)).toEqual([
      'ready',
      'failed',
      'failed',
      'failed',
    ]);
  });

  it('throws the reason of the signal when the start is no longer wanted', async () => {
    const opened = await testbed.open({ mute: scripted('silent') });
    const controller = new AbortController();
    const reason = new Error('enough');
    const started = opened.connectAll(controller.signal);
    controller.abort(reason);
    await expect(started).rejects.toBe(reason);
  });

  it('ends every process when it is closed, also those that are just starting', async () => {
    const opened = await testbed.open({ a: scripted(), b: scripted(), mute: scripted('silent') });
    const [a, b] = opened.sources;
    const pids = await Promise.all(
      [a!, b!].map(async (source) => {
        const { output } = await source.call(`mcp__${source.name}__pid`, {}, never);
        return Number(output);
      }),
    );
    const starting = opened.sources[2]!.connect(never).catch((error: unknown) => error);
    await opened.close();
    expect(await starting).toBeInstanceOf(Error);
    for (const pid of pids) expect(await endsSoon(pid)).toBe(true);
    expect(opened.sources.map((source) => source.status().state)).toEqual(
      Array.from({ length: 3 }, () => 'closed'),
    );
    expect(await a!.list(never)).toEqual([]);
  });
});
