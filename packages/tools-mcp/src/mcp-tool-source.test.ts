import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toolSourceContract } from '@synapse/test/contracts/tool-source-contract';
import { endsSoon } from '@synapse/test/support/is-running';
import { createHastyClock } from '@synapse/test/fakes/hasty-clock';
import { callOne, openTestbed, scripted, type Testbed } from '@synapse/test/support/mcp-testbed';

let testbed: Testbed;
beforeEach(async () => {
  testbed = await openTestbed();
});
afterEach(() => testbed.close());

const never = new AbortController().signal;

toolSourceContract('MCP over stdio', {
  open: () => testbed.openOne(scripted()),
  succeeding: { name: 'mcp__one__echo', input: { text: 'hello' }, text: 'echo: hello' },
  failing: { name: 'mcp__one__fail', input: {} },
  hanging: { name: 'mcp__one__hang', input: {} },
});

it('offers its tools as ones that may be repeated, since a job elsewhere can be asked about', async () => {
  const source = await testbed.openOne(scripted());
  const tools = await source.list(never);
  expect(tools.find(({ name }) => name === 'mcp__one__echo')?.mayBeRepeated).toBe(true);
});

it('says that a list had to do without a server that does not answer in time', async () => {
  const source = await testbed.openOne(scripted('silent-list'), { listPatienceMs: 1 });
  expect(await source.list(never)).toEqual([]);
  expect(source.isLeftOut).toBe(true);
  expect(source.status().reason).toBe('has not listed its tools within 0.001 seconds');
  const other = await testbed.openOne(scripted());
  await other.list(never);
  expect(other.isLeftOut).toBe(false);
  expect(other.status().reason).toBeNull();
});

it('starts no server to say which tools are known', async () => {
  const source = await testbed.openOne(scripted());
  const before = source.status().state;
  expect(await source.listKnown()).toEqual([]);
  expect(source.status().state).toBe(before);
  const listed = await source.list(never);
  expect(source.status().state).not.toBe(before);
  expect(await source.listKnown()).toEqual(listed);
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
    ['structured-deep', '[structured content left out: it is nested too deeply]'],
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
    const source = await testbed.openOne(scripted(), { callTimeoutMs: 5_000 });
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
        expect.objectContaining({ message: 'refused a request of an MCP server' }),
      );
    },
  );

  it('answers a ping', async () => {
    const source = await testbed.openOne(scripted());
    expect((await callOne(source, 'ping')).output).toBe('{}');
  });
});
