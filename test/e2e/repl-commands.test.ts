import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

describe('a command of the conversation', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double, '[prices."double/double-1"]\ninput = 1000\noutput = 1000\n');
    double.script(chatReply({ text: ['An answer.'] }));
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  /** What is told on stdout and beside it, and whether each line was understood. */
  const talk = async (...lines: string[]) => {
    const input = { stdin: `${lines.join('\n')}\n` };
    return home.run(['-r', '--tools', 'none', '-s', 'work'], input);
  };
  const sessions = async () => {
    const { stdout } = await home.run(['sessions', 'list', '--json']);
    return (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items;
  };
  const said = (index: number) =>
    (double.requests[index]?.json().messages as { content: string }[]).map(
      ({ content }) => content,
    );

  it('names, tags and pins the session', async () => {
    const { exitCode } = await talk(
      ...['hello', '/title A good talk', '/tag one two', '/tag -one', '/pin', '/tag no,comma'],
    );
    expect(exitCode).toBe(2);
    expect(await sessions()).toMatchObject([
      { handle: 'work', title: 'A good talk', tags: ['two'], pinned: true },
    ]);
  });

  it('takes the title from the first question, whatever commands came before', async () => {
    await talk('/tag one', '/pin', '/undo', 'What is a monad?', 'And a functor?');
    expect(await sessions()).toMatchObject([{ title: 'What is a monad?', tags: ['one'] }]);
    await talk('/new other', '/tag two', '/title Mine', 'What is a functor?');
    const titles = (await sessions()).map(({ title }) => title);
    expect(titles.sort()).toEqual(['Mine', 'What is a monad?']);
  });

  it('asks again, takes back, begins anew and empties', async () => {
    await talk('first', '/retry', 'second', '/undo', '/system Be brief.', 'third');
    expect(said(1)).toEqual(['first']);
    expect(said(3)).toEqual(['Be brief.', 'first', 'An answer.', 'third']);
    expect(await sessions()).toMatchObject([{ messageCount: 4, systemPrompt: 'Be brief.' }]);
    await talk('/new other', 'elsewhere', '/fork copied', 'in the copy', '/clear');
    const found = new Map((await sessions()).map((session) => [session.handle, session]));
    expect([...found.keys()].sort()).toEqual(['copied', 'other', 'work']);
    // Nobody is there to say that it may be emptied.
    expect(found.get('copied')).toMatchObject({ messageCount: 4 });
    expect(found.get('other')).toMatchObject({ messageCount: 2 });
  });

  it('keeps the question and its answer where it cannot be asked again', async () => {
    const limited = '[prices."double/double-1"]\ninput = 1000\noutput = 1000\n[limits]\n';
    setUpDouble(home, double, `${limited}max_cost_session = 5\n`);
    const { stdout, stderr } = await talk('first', '/retry double/double-2', '/history');
    expect(stderr).toContain('No price is known for double-2');
    expect(double.requests).toHaveLength(1);
    expect(stdout).toMatch(/> first\n[^]*An answer\./);
    expect(await sessions()).toMatchObject([{ messageCount: 2 }]);
  });

  it('finds, lists, shows and changes sessions', async () => {
    await talk('the word is swordfish');
    const { stdout } = await talk(
      '/new next',
      'hi',
      '/search swordfish',
      '/sessions',
      '/switch work',
      '/history',
    );
    expect(stdout).toMatch(/user, .*\n.*swordfish/);
    expect(stdout).toMatch(/^\*\tnext\t/m);
    expect(stdout).toContain('> the word is swordfish');
    const [work] = (await sessions()).filter(({ handle }) => handle === 'work');
    const again = await talk(
      '/switch next',
      `/switch ${String(work?.id).slice(0, 13)}`,
      '/history',
    );
    expect(again.stdout).toContain('> the word is swordfish');
  });

  it('writes files, and in the place of none', async () => {
    const { stderr, exitCode } = await talk(
      ...[
        'hello',
        '/save answer.txt',
        '/export all.json',
        '/export all.html',
        '/save answer.txt',
        '/copy',
      ],
    );
    const read = (name: string) => readFileSync(join(home.folder, name), 'utf8');
    expect(read('answer.txt')).toBe('An answer.\n');
    expect(JSON.parse(read('all.json'))).toMatchObject({ type: 'synapse-export' });
    expect(read('all.html')).toContain('<!doctype html>');
    expect(stderr).toContain('answer.txt already exists');
    expect(stderr).toContain('/copy needs a terminal');
    expect(exitCode).toBe(73);
    expect(existsSync(join(home.folder, 'work.md'))).toBe(false);
  });

  it('tells of models, cost, settings and health', async () => {
    const { stdout, stderr, exitCode } = await talk(
      ...['hello', '/cost', '/usage', '/verbose', 'more', '/model', '/provider', '/config'],
      ...['/doctor', '/mcp', '/theme mono', '/help cost', '/model double/double-2', 'last'],
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('session  $0.03');
    expect(stdout).toMatch(/tokens in +20/);
    expect(stdout).toContain('double/double-1 answers.');
    expect(stdout).toContain('* double');
    expect(stdout).toMatch(/^provider = "double" {2}\(file /m);
    expect(stdout).toMatch(/^ok {4}database: sqlite /m);
    expect(stdout).toMatch(/^\/cost +show what the session has cost$/m);
    expect(stderr).toContain('20 in · 10 out · $0.03');
    expect(stderr).toContain('no MCP servers');
    expect(stderr).toContain('answers are shown with: rendered Markdown without colours');
    expect(double.requests.at(-1)?.json()).toMatchObject({ model: 'double-2' });
    expect(await sessions()).toMatchObject([{ model: 'double-2' }]);
  });

  it('leaves, whatever stands behind it', async () => {
    const { exitCode } = await talk('/exit', 'never said');
    expect({ exitCode, requests: double.requests }).toEqual({ exitCode: 0, requests: [] });
  });
});
