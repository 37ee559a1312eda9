import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeToolSource } from '@synapse/test/contracts/tool-source-contract';
import { endsSoon, isRunning } from '@synapse/test/support/is-running';
import { createHastyClock } from '@synapse/test/support/hasty-clock';
import { callOne, openTestbed, scripted, type Testbed } from '@synapse/test/support/mcp-testbed';

let testbed: Testbed;
beforeEach(async () => {
  testbed = await openTestbed();
});
afterEach(() => testbed.close());

const never = new AbortController().signal;

describeToolSource('MCP over stdio', {
  open: () => testbed.openOne(scripted()),
  succeeding: { name: 'mcp__one__echo', input: { text: 'hello' }, text: 'echo: hello' },
  failing: { name: 'mcp__one__fail', input: {} },
  hanging: { name: 'mcp__one__hang', input: {} },
});

describe('a call', () => {
  it.each([
    ['bad-json', 'after bad JSON'],
    ['same-id-twice', 'first'],
    ['earlier-id', 'mine'],
    ['unknown-id', 'mine'],
    ['id-as-text', 'as text'],
    ['split-bytes', 'grüße 🎉'],
    ['stderr-flood', 'flooded'],
    ['notification-flood', 'flooded'],
    ['crash-with-last-words', 'goodbye'],
    ['structured', '42'],
    ['content-nothing', ''],
  ])('survives "%s" and returns what was meant', async (tool, text) => {
    const source = await testbed.openOne(scripted());
    const result = await callOne(source, tool);
    expect(result).toMatchObject({ isError: false, output: expect.stringContaining(text) });
  });

  it('gives late and stolen answers to nobody', async () => {
    const source = await testbed.openOne(scripted());
    await callOne(source, 'same-id-twice');
    await callOne(source, 'unknown-id');
    const results = await Promise.all(
      ['a', 'b', 'c'].map((text) => callOne(source, 'echo', { text })),
    );
    expect(results.map(({ output }) => output)).toEqual(['echo: a', 'echo: b', 'echo: c']);
  });

  it.each(['result-null', 'no-jsonrpc', 'hang', 'stop-reading'])(
    'gives up on "%s" when the time is over',
    async (tool) => {
      const source = await testbed.openOne(scripted(), { callTimeoutMs: 200 });
      const result = await callOne(source, tool);
      expect(result.isError).toBe(true);
      expect(result.output).toMatch(/^The MCP server "one" /);
    },
  );

  it('tells the server that a call is no longer wanted, whether late or aborted', async () => {
    const source = await testbed.openOne(scripted(), { callTimeoutMs: 700 });
    await source.list(never);
    await callOne(source, 'hang');
    const controller = new AbortController();
    const aborted = callOne(source, 'hang', {}, controller.signal).catch(() => undefined);
    await callOne(source, 'echo');
    controller.abort();
    await aborted;
    const { output } = await callOne(source, 'cancelled');
    expect(JSON.parse(output)).toHaveLength(2);
  });

  it('sends no cancellation for a call that was answered before the abort', async () => {
    const source = await testbed.openOne(scripted());
    const controller = new AbortController();
    await callOne(source, 'echo', {}, controller.signal);
    controller.abort();
    expect((await callOne(source, 'cancelled')).output).toBe('[]');
  });

  it('ends with an error after a reply of 100 MB, with little memory, and works again', async () => {
    const source = await testbed.openOne(scripted(), { clock: createHastyClock() });
    await source.list(never);
    const before = process.memoryUsage().rss;
    const result = await callOne(source, 'huge');
    expect(result.isError).toBe(true);
    expect(result.output).toContain('more than 16777216 bytes');
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
    expect((await callOne(source, 'echo', { text: 'again' })).output).toBe('echo: again');
  });

  it.each(['endless-line', 'bad-json-for-ever'])('ends "%s" for good', async (tool) => {
    const source = await testbed.openOne(scripted());
    const pid = Number((await callOne(source, 'pid')).output);
    expect((await callOne(source, tool)).isError).toBe(true);
    expect(await endsSoon(pid)).toBe(true);
  });

  it('says when the outcome of a call is not known', async () => {
    const source = await testbed.openOne(scripted());
    expect(await callOne(source, 'crash')).toEqual({
      output:
        'The MCP server "one" ended by itself (exit code 3). Whether the call took effect is not known.',
      isError: true,
      attachments: [],
    });
  });

  it('passes an error of the server on, without its control characters', async () => {
    const source = await testbed.openOne(scripted());
    const { output, isError } = await callOne(source, 'rpc-error');
    expect(isError).toBe(true);
    expect(output).toContain('such thing');
    expect(output).not.toMatch(/\p{Cc}/u);
  });

  it.each(['content-number', 'content-strange'])('makes the best of "%s"', async (tool) => {
    const source = await testbed.openOne(scripted());
    const { output, isError } = await callOne(source, tool);
    expect(isError).toBe(false);
    if (tool === 'content-strange') expect(output).toContain('unknown type "hologram"');
  });

  it('turns what is not text into attachments', async () => {
    const source = await testbed.openOne(scripted());
    const { output, attachments } = await callOne(source, 'media');
    expect(testbed.kept).toEqual([
      { bytes: 'PNG bytes', mediaType: 'image/png', name: null },
      { bytes: 'WAV', mediaType: 'audio/wav', name: null },
      { bytes: '\u0000\u0001\u0002', mediaType: 'application/octet-stream', name: 'b%20c.bin' },
    ]);
    expect(attachments).toHaveLength(3);
    expect(output.split('\n')).toEqual([
      'look',
      '[image image/png, 9 bytes, attached]',
      '[audio audio/wav, 3 bytes, attached]',
      '[resource "b%20c.bin", application/octet-stream, 3 bytes, attached]',
      '[resource note://1]',
      'a note',
      '[link to resource https://example.com/page, "page"]',
      '[image left out: it is not valid base64]',
    ]);
  });

  it('cuts a long text and attaches the whole', async () => {
    const source = await testbed.openOne(scripted(), { maxOutputLength: 1000 });
    const { output, attachments } = await callOne(source, 'long');
    expect(output.length).toBeLessThan(1200);
    expect(output).toContain('the whole is attached as output.txt');
    expect(attachments).toEqual([
      expect.objectContaining({ byteLength: 500_000, mediaType: 'text/plain' }),
    ]);
  });

  it.each(['sampling', 'elicitation', 'roots'])(
    'refuses when the server asks for %s',
    async (tool) => {
      const source = await testbed.openOne(scripted());
      const { output } = await callOne(source, tool);
      expect(JSON.parse(output)).toMatchObject({ code: -32_601 });
      expect(testbed.logger.lines).toContainEqual(
        expect.objectContaining({ message: 'refused what an MCP server asked' }),
      );
    },
  );

  it('answers a ping', async () => {
    const source = await testbed.openOne(scripted());
    expect((await callOne(source, 'ping')).output).toBe('{}');
  });
});

describe('a server that can not be used', () => {
  it.each([
    ['exit', 'ended by itself (exit code 1)'],
    ['silent', 'did not answer in time'],
    ['silent-list', 'did not answer in time'],
    ['bad-version', 'failed: '],
    ['chatter', 'does not speak MCP on stdout'],
    ['not-a-list', 'listed no tools'],
  ])('offers nothing and says why: %s', async (start, reason) => {
    const startTimeoutMs = start.startsWith('silent') ? 500 : 10_000;
    const source = await testbed.openOne(scripted(start), { startTimeoutMs });
    expect(await source.list(never)).toEqual([]);
    expect(source.status().state).toMatch(/^(failed|crashed)$/);
    await expect(source.connect(never)).rejects.toThrow(reason);
    const result = await callOne(source, 'echo');
    expect(result.isError).toBe(true);
    expect(result.output).not.toContain('took effect');
  });

  it('names a command that does not exist', async () => {
    const source = await testbed.openOne({ command: '/no/such/command' });
    expect(await source.list(never)).toEqual([]);
    expect(source.status()).toMatchObject({
      state: 'failed',
      reason: 'can not be started: there is no such command or folder',
    });
  });

  it('costs the others nothing', async () => {
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
    const source = await testbed.openOne(scripted(start), { listPatienceMs: 200 });
    const startedMs = performance.now();
    for (let round = 0; round < 20; round++) expect(await source.list(never)).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(2_500);
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

describe('the list of tools', () => {
  it('leaves out what is broken, says so, and keeps the rest', async () => {
    const source = await testbed.openOne(scripted('broken'));
    const tools = await source.list(never);
    expect(tools.map(({ name }) => name)).toEqual([
      'mcp__one__echo',
      'mcp__one____proto__',
      expect.stringMatching(/^mcp__one__name_with_spaces_and_nicode_[0-9a-f]{10}$/),
    ]);
    expect(tools[0]?.description).toBe('Does echo.');
    expect(tools[2]?.description).toBe('\ufffd lone');
    expect(source.status().notes).toHaveLength(9);
  });

  it('takes no longer than a start may, however many pages there are', async () => {
    const source = await testbed.openOne(scripted('slow-pages'), { startTimeoutMs: 500 });
    const startedMs = performance.now();
    expect(await source.list(never)).toEqual([]);
    expect(performance.now() - startedMs).toBeLessThan(2_500);
  });

  it('is empty where a server has no tools at all', async () => {
    const source = await testbed.openOne(scripted('no-tools'));
    expect(await source.connect(never)).toMatchObject({ state: 'ready', toolCount: 0 });
    expect(await source.list(never)).toEqual([]);
  });

  it.each(['deep-list', 'banner', 'list-loop', 'endless-pages'])('survives "%s"', async (start) => {
    const source = await testbed.openOne(scripted(start));
    const tools = await source.list(never);
    expect(tools.length).toBeGreaterThan(0);
    expect(tools.length).toBeLessThanOrEqual(1000);
    expect(await source.list(never)).toHaveLength(tools.length);
  });

  it('takes every tool for one that can do anything, whatever the server says', async () => {
    const source = await testbed.openOne(scripted('annotated'));
    expect((await source.list(never)).map(({ effect }) => effect)).toEqual(['execute', 'execute']);
    const trusted = await testbed.openOne({ ...scripted('annotated'), trustReadOnlyHints: true });
    expect((await trusted.list(never)).map(({ effect }) => effect)).toEqual(['read', 'execute']);
  });

  it('holds only what the entry lets through, also for calls', async () => {
    const source = await testbed.openOne({
      ...scripted(),
      includeTools: ['echo', 'pid'],
      excludeTools: ['pid'],
    });
    expect((await source.list(never)).map(({ name }) => name)).toEqual(['mcp__one__echo']);
    expect((await callOne(source, 'pid')).isError).toBe(true);
  });
});

describe('the process of a server', () => {
  it('sees a few variables and its own, and no keys', async () => {
    const source = await testbed.openOne(
      { ...scripted(), env: { OWN: '${SECRET}' }, cwd: testbed.folder },
      { environment: { PATH: '/bin', HOME: '/home/x', SECRET: 's3', OPENAI_API_KEY: 'sk-x' } },
    );
    expect(JSON.parse((await callOne(source, 'environment')).output)).toEqual({
      PATH: '/bin',
      HOME: '/home/x',
      OWN: 's3',
    });
    expect((await callOne(source, 'folder')).output).toBe(testbed.folder);
  });

  it.each(['plain', 'stubborn'])('ends with all that it started: %s', async (start) => {
    const source = await testbed.openOne(scripted(start));
    const pids = [
      Number((await callOne(source, 'pid')).output),
      Number((await callOne(source, 'grandchild')).output),
    ];
    for (const pid of pids) expect(await isRunning(pid)).toBe(true);
    await source.close();
    for (const pid of pids) expect(await endsSoon(pid)).toBe(true);
  });

  it('takes what it started with it when it is killed', async () => {
    const source = await testbed.openOne(scripted());
    const grandchild = Number((await callOne(source, 'grandchild')).output);
    expect((await callOne(source, 'abort')).output).toContain('SIGKILL');
    expect(await endsSoon(grandchild)).toBe(true);
  });

  it('gets its stderr into the log, bounded', async () => {
    const source = await testbed.openOne(scripted());
    await callOne(source, 'stderr-flood');
    const lines = testbed.logger.lines.filter(({ message }) => message.includes('on stderr'));
    expect(lines).toHaveLength(500);
    for (const { fields } of lines) expect(String(fields.line).length).toBeLessThanOrEqual(2000);
  });
});
