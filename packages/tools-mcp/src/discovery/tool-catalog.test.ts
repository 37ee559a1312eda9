import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { callOne, openTestbed, scripted, type Testbed } from '@synapse/test/support/mcp-testbed';
import { toolSchemaProblems } from '@synapse/test/support/validators/tool-schema-problems';

let testbed: Testbed;
beforeEach(async () => {
  testbed = await openTestbed();
});
afterEach(() => testbed.close());

const never = new AbortController().signal;

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

  it('translates schemas that providers refuse, and names the tool where no translation exists', async () => {
    const source = await testbed.openOne(scripted('schemas'));
    const tools = await source.list(never);
    expect(tools.map(({ inputSchema }) => inputSchema)).toEqual([
      { type: 'object', properties: {} },
      { type: 'object', properties: { id: { type: 'integer' } } },
    ]);
    expect(tools.flatMap(({ inputSchema }) => toolSchemaProblems(inputSchema))).toEqual([]);
    expect(source.status().notes).toEqual([
      '"impossible" was left out: no object fits the schema of its input.',
    ]);
  });

  it('takes no longer than a start may, however many pages there are', async () => {
    const source = await testbed.openOne(scripted('slow-pages'), { startTimeoutMs: 500 });
    // The server never comes to an end of them.
    expect(await source.list(never)).toEqual([]);
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
