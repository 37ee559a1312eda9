import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@synapse/core';
import type { NewSession } from '@synapse/core/store-kit';
import { openProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen } from '@synapse/test/support/pty-screen';
import { jsonReply } from '@synapse/test/support/replies';
import { SynapseHome, type Outcome } from '@synapse/test/support/run-synapse';
import { aConversation, aLeaseRequest, at } from '@synapse/test/support/samples';
import { setUpDouble } from '@synapse/test/support/scripted-openai';
import { readOutput } from '@synapse/test/support/output-schema';
import { seedHome } from '@synapse/test/support/seeded-home';

interface Listed {
  items: Record<string, unknown>[];
  nextCursor: string | null;
}

interface Shown {
  session: Record<string, unknown>;
  messages: { seq: number; role: string }[];
  nextCursor: string | null;
}

describe('synapse sessions', () => {
  let home: SynapseHome;

  beforeEach(() => {
    home = new SynapseHome();
    configure('retention_days = 0');
  });
  afterEach(() => home.remove());

  function configure(setting: string): void {
    mkdirSync(join(home.folder, '.config/synapse'), { recursive: true, mode: 0o700 });
    writeFileSync(join(home.folder, '.config/synapse/config.toml'), `[session]\n${setting}\n`);
  }

  function seed(
    texts: readonly string[],
    session: Partial<NewSession> = {},
  ): Promise<{ id: string; messages: Message[] }> {
    return seedHome(home, (store) => aConversation(store, texts, session));
  }

  const sessions = (...args: string[]): Promise<Outcome> => home.run(['sessions', ...args]);

  async function json<T>(schemaName: string, ...args: string[]): Promise<T> {
    const { stdout, exitCode } = await sessions(...args, '--json');
    expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 });
    return readOutput(schemaName, stdout) as T;
  }

  const list = (...args: string[]) => json<Listed>('session-list', 'list', ...args);
  const idsOf = async (listed: Promise<Listed>) => (await listed).items.map(({ id }) => id);

  it('knows the last one of all, and the last one that began in this folder', async () => {
    const cwd = join(home.folder, 'project');
    mkdirSync(cwd);
    const idOf = async (reference: string, folder: string) => {
      const outcome = await home.run(['sessions', 'show', reference, '--json'], { cwd: folder });
      if (outcome.exitCode !== 0) return outcome.stdout;
      return (readOutput('session-show', outcome.stdout) as unknown as Shown).session.id;
    };
    expect(await idOf('here', cwd)).toContain('No session that began in this folder is stored yet');
    await home.run(['-p', 'demo', 'of the project'], { cwd });
    await home.run(['-p', 'demo', 'of elsewhere']);
    const [here, last] = [await idOf('here', cwd), await idOf('last', cwd)];
    expect(here).not.toBe(last);
    expect(await idOf('here', home.folder)).toBe(last);
    const { stdout } = await home.run(['-p', 'demo', '-s', 'here', '--json', 'go on'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ sessionId: here });
    expect(await idOf('last', home.folder)).toBe(here);
    const named = await home
      .run(['-p', 'demo', '-s', 'x', 'q'])
      .then(() => home.run(['sessions', 'rename', 'x', '--handle', 'here']));
    expect([named.exitCode, named.stderr]).toEqual([2, expect.stringContaining('reserved word')]);
  });

  it('takes a session by its id, a beginning of it, its name and "last", wherever one is named', async () => {
    const { id } = await seed(['One', 'Two'], { handle: 'my-project', title: 'Trip to Porto' });
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    const before = await list();
    for (const reference of [id, id.slice(0, 13), id.slice(0, 4), 'my-project', 'last']) {
      for (const words of [
        ['show', reference],
        ['export', reference],
        ['rename', reference, 'Trip to Porto'],
        ['tag', reference, 'x'],
        ['untag', reference, 'x'],
        ['pin', reference],
        ['unpin', reference],
        ...(reference === 'last'
          ? []
          : [
              ['archive', reference],
              ['unarchive', reference],
            ]),
        ['undo', reference, '--dry-run'],
        ['clear', reference, '--dry-run'],
        ['delete', reference, '--dry-run'],
      ]) {
        const { stderr, exitCode } = await sessions(...words);
        expect({ words, stderr, exitCode }).toMatchObject({ words, exitCode: 0 });
      }
      const asked = await home.run(['-p', 'demo', '--dry-run', '--json', '-s', reference, 'more']);
      expect([reference, asked.exitCode]).toEqual([reference, 0]);
      expect(asked.stdout).toContain('One');
      expect((await home.run(['context', reference])).exitCode).toBe(0);
    }
    // To look at a session, or to change what it is called, says nothing new in it.
    expect((await list()).items[0]?.updatedAt).toBe(before.items[0]?.updatedAt);
    for (const [index, reference] of [id, id.slice(0, 13), 'my-project'].entries()) {
      for (const words of [
        ['delete', reference, '--yes'],
        ['restore', reference],
      ]) {
        expect({ words, ...(await sessions(...words)) }).toMatchObject({ words, exitCode: 0 });
      }
      const copy = await json<Shown>('session-change', 'fork', reference, '--handle', `f${index}`);
      expect(copy.session.forkedFrom).toMatchObject({ sessionId: id });
      await sessions('delete', `f${index}`, '--purge', '--yes');
    }
    expect((await sessions('show', id.slice(0, 3))).exitCode).toBe(66);
  });

  it('lists the sessions that a reference matches, or similar ones', async () => {
    const { id: one } = await seed(['One'], { handle: 'my-project' });
    const { id: two } = await seed(['Two'], { title: 'Trip to Porto' });
    const { stderr, exitCode } = await sessions('show', one.slice(0, 4));
    expect(exitCode).toBe(67);
    expect(stderr).toContain(`  ${one} (my-project)`);
    expect(stderr).toContain(`  ${two} Trip to Porto`);
    for (const [slip, meant] of [
      ['my-projct', 'my-project'],
      ['porto', 'Trip to Porto'],
    ] as const) {
      const missed = await sessions('show', slip);
      expect(missed.exitCode).toBe(66);
      expect(missed.stderr).toMatch(new RegExp(`Similar sessions:\n +\\S+ .*${meant}`));
    }
    expect((await sessions('show', 'quite-another')).stderr).not.toContain('Similar sessions');
  });

  it('lists what the filters let through, page by page', async () => {
    const { id: work } = await seed(['Hi', 'Yes'], { tags: ['work'], pinned: true, handle: 'w' });
    const { id: home2 } = await seed(['Ho'], { model: 'm', provider: 'p', title: 'Trip' });
    const { id: gone } = await seed(['Gone'], { archived: true, workingDirectory: home.folder });
    expect(await idsOf(list('--tag', 'work'))).toEqual([work]);
    expect(await idsOf(list('--pinned'))).toEqual([work]);
    expect(await idsOf(list('--model', 'm', '--provider', 'p'))).toEqual([home2]);
    expect(await idsOf(list('--text', 'tRIP'))).toEqual([home2]);
    expect(await idsOf(list('--archived', '--here'))).toEqual([gone]);
    expect((await list('--all')).items).toHaveLength(3);
    expect(await idsOf(list('--since', '2026-03-02'))).toEqual([]);
    const first = await list('--limit', '1');
    const second = await list('--limit', '1', '--cursor', String(first.nextCursor));
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([work, home2]);
    expect(second.nextCursor).toBeNull();
  });

  it('prints a list without colour or cuts into a pipe, and nothing of a title breaks it', async () => {
    const title = `a\tb\n\u001b[31mred\u009b2J\u202e ${'long '.repeat(60)}`;
    const { id } = await seed(['Hi'], { title });
    const { stdout } = await sessions('list');
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout.split('\n')[1]?.split('\t').slice(0, 2)).toEqual([
      id,
      `a b red ${'long '.repeat(60).trim()}`,
    ]);
  });

  it('shows a session from either end, with its tools and without its thoughts', async () => {
    const { id } = await seed(['One', 'Two', 'Three', 'Four'], { handle: 'talk' });
    await seedHome(home, async ({ sessions: store }) => {
      const [last] = await store.messages(id, { limit: 1 });
      await store.append(
        id,
        [
          {
            ...last!,
            id: '01a1fd37-ccad-710a-9471-5aa1d54a9d92',
            parts: [
              { type: 'reasoning', text: 'let me think' },
              { type: 'tool-call', id: '1', name: 'read', input: { path: 'a.txt' } },
              { type: 'tool-result', id: '1', name: 'read', output: 'line\nline', isError: true },
            ],
          },
        ],
        null,
      );
    });
    const head = await json<Shown>('session-show', 'show', 'talk', '--head', '2');
    expect(head.messages.map(({ seq }) => seq)).toEqual([1, 2]);
    const tail = await json<Shown>('session-show', 'show', 'talk', '--tail', '2');
    expect(tail.messages.map(({ seq }) => seq)).toEqual([4, 5]);
    const { stdout, stderr } = await sessions('show', 'talk', '--limit', '3');
    expect(stdout).toContain('#3 user');
    expect(stdout).toContain('→ read {"path":"a.txt"}');
    expect(stdout).toContain('← read failed (2 lines): line line');
    expect(stdout).toContain('thought in 3 words');
    expect(stdout).not.toContain('let me think');
    expect(stderr).toContain('not shown: 2 earlier messages; --cursor before-3 --limit 3');
    expect((await sessions('show', 'talk', '--reasoning')).stdout).toContain('let me think');
  });

  it('shows a long session page by page, in both directions, or whole', async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `line ${index + 1}`);
    await seed(texts, { handle: 'long' });
    const numbers = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const show = async (...args: string[]) => {
      const { messages, nextCursor } = await json<Shown>('session-show', 'show', 'long', ...args);
      return { seqs: messages.map(({ seq }) => seq), nextCursor };
    };
    expect(await show()).toEqual({ seqs: numbers(201, 300), nextCursor: 'before-201' });
    expect(await show('--cursor', 'before-201')).toEqual({
      ...{ seqs: numbers(101, 200), nextCursor: 'before-101' },
    });
    expect(await show('--cursor', 'before-101')).toEqual({
      ...{ seqs: numbers(1, 100), nextCursor: null },
    });
    expect(await show('--head', '2')).toEqual({ seqs: [1, 2], nextCursor: 'after-2' });
    expect(await show('--cursor', 'after-2', '-n', '298')).toEqual({
      ...{ seqs: numbers(3, 300), nextCursor: null },
    });
    expect(await show('--all')).toEqual({ seqs: numbers(1, 300), nextCursor: null });
    expect(await show('--limit', '300')).toEqual({ seqs: numbers(1, 300), nextCursor: null });

    const told = async (...args: string[]) => (await sessions('show', 'long', ...args)).stderr;
    expect(await told()).toBe(
      'synapse: not shown: 200 earlier messages; --cursor before-201 shows more, --all shows everything\n',
    );
    expect(await told('--head', '10')).toContain(
      '290 later messages; --cursor after-10 --limit 10',
    );
    expect(await told('--cursor', 'before-201')).toContain('not shown: earlier messages; --cursor');
    expect(await told('--all')).toBe('');
    const wrong = await sessions('show', 'long', '--cursor', 'eyJ9');
    expect(wrong.exitCode).toBe(65);
    expect(wrong.stderr).toContain('like before-201 or after-100');
    expect((await sessions('show', 'long', '--cursor', 'after-2', '--all')).exitCode).toBe(2);
  });

  it('finds what was said', async () => {
    const { id } = await seed(['Where is the grüne Haus?', 'In the valley.'], { tags: ['map'] });
    await seed(['Where is the blue house?']);
    const search = (...args: string[]) => json<Listed>('session-search', 'search', ...args);
    expect((await search('grune')).items).toMatchObject([{ sessionId: id, seq: 1, role: 'user' }]);
    expect((await search('where', '--limit', '1')).nextCursor).not.toBeNull();
    expect((await search('where', '--tag', 'map')).items).toHaveLength(1);
    expect((await search('--role', 'assistant')).items).toHaveLength(1);
    expect((await json<Listed>('session-search', 'search', 'nowhere')).items).toEqual([]);
    const excluded = await home.run(['sessions', 'search', '--', 'where', '-blue']);
    expect(excluded.stdout).toMatch(new RegExp(`^${id}\t#1\tuser\t.*grüne Haus`));
    expect(await sessions('search', '-')).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await sessions('search', 'a', '--since', 'soon')).toMatchObject({ exitCode: 2 });
  });

  it('gives a session another title, another name, tags and a pin', async () => {
    const { id } = await seed(['Hi']);
    const change = (...args: string[]) => json<Shown>('session-change', ...args);
    expect((await change('rename', id, 'My trip')).session).toMatchObject({ title: 'My trip' });
    expect((await change('rename', id, '--handle', 'trip')).session.handle).toBe('trip');
    expect((await change('tag', 'trip', 'b', 'a')).session.tags).toEqual(['a', 'b']);
    expect((await change('untag', 'trip', 'b')).session.tags).toEqual(['a']);
    await change('tag', 'trip', 'caf\u00e9');
    expect((await change('untag', 'trip', 'cafe\u0301')).session.tags).toEqual(['a']);
    expect((await sessions('rename', 'trip', 'One', '--title', 'Two')).exitCode).toBe(2);
    expect((await json<Listed>('session-list', 'pin', 'trip')).items[0]?.pinned).toBe(true);
    expect((await json<Listed>('session-list', 'unpin', 'trip')).items[0]?.pinned).toBe(false);
    expect((await json<Listed>('session-list', 'archive', 'trip')).items[0]?.archived).toBe(true);
    expect(await idsOf(list())).toEqual([]);
    await json<Listed>('session-list', 'unarchive', 'trip');
    expect(await idsOf(list())).toEqual([id]);
    expect((await change('rename', 'trip', '', '--handle', '')).session).toMatchObject({
      title: null,
      handle: null,
    });
    await sessions('rename', id, 'A trip', '--handle', 'trip-2');
    const renamed = await sessions('rename', 'trip-2', 'My\ntrip');
    expect(renamed.stdout).toBe(`renamed ${id}: My trip (-s trip-2)\n`);
    const bare = await sessions('rename', 'trip-2', '', '--handle', '');
    expect(bare.stdout).toBe(`renamed ${id}: no title\n`);
    expect(await sessions('rename', id)).toMatchObject({ exitCode: 2 });
    expect(await sessions('rename', id, '--handle', 'last')).toMatchObject({ exitCode: 2 });
    expect(await sessions('tag', id, 'two words')).toMatchObject({ exitCode: 2 });
    expect(await sessions('pin', 'nobody')).toMatchObject({ exitCode: 66 });
  });

  it('changes none of several sessions when one of them is unknown', async () => {
    const { id } = await seed(['Hi']);
    expect(await sessions('pin', id, 'nobody')).toMatchObject({ exitCode: 66 });
    expect((await list()).items[0]?.pinned).toBe(false);
  });

  it('forks at a message, by its number or its id', async () => {
    const { id, messages } = await seed(['One', 'Two', 'Three', 'Four']);
    const fork = (...args: string[]) => json<Shown>('session-change', 'fork', id, ...args);
    expect((await fork('--at', '2', '--handle', 'f')).session).toMatchObject({
      handle: 'f',
      messageCount: 2,
      forkedFrom: { sessionId: id, messageId: messages[1]?.id },
    });
    expect((await fork('--at', messages[2]!.id)).session.messageCount).toBe(3);
    expect((await fork()).session.messageCount).toBe(4);
    expect(await sessions('fork', id, '--at', '99')).toMatchObject({ exitCode: 66 });
  });

  it('removes nothing without confirmation, and shows the command that does', async () => {
    const { id } = await seed(['One', 'Two', 'Three', 'Four'], { handle: 'talk' });
    for (const verb of ['undo', 'clear', 'delete']) {
      const { exitCode, stdout, stderr } = await sessions(verb, 'talk');
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(`To do it: synapse sessions ${verb} --yes talk`);
    }
    expect((await list()).items[0]?.messageCount).toBe(4);
    const undone = await json<Shown>('session-show', 'undo', 'talk', '--yes');
    expect(undone.messages.map(({ seq }) => seq)).toEqual([3, 4]);
    expect(await json('session-change', 'clear', 'talk', '--yes')).toMatchObject({
      session: { id, messageCount: 0 },
      removedCount: 2,
    });
  });

  it('undoes only the turn that it showed, also if another process has undone that one meanwhile', async () => {
    const { id } = await seed(['One', 'Two', 'Three', 'Four']);
    const screen = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: ['sessions', 'undo', id],
      ...{ columns: 100, rows: 24, environment: home.environment },
    });
    const shows = (text: string) => screen.until((lines) => lines.join('\n').includes(text));
    await shows('Undo this turn of 2 messages?');
    expect(await sessions('undo', id, '--yes')).toMatchObject({ exitCode: 0 });
    screen.type('y\r');
    await shows('was changed meanwhile');
    expect(await screen.exited).toBe(75);
    expect((await list()).items[0]?.messageCount).toBe(2);
  });

  it('does not change a session that another process has open', async () => {
    const { id } = await seed(['One', 'Two']);
    await seedHome(home, ({ sessions: store }) => store.acquireLease(id, aLeaseRequest()));
    for (const verb of ['undo', 'delete']) {
      expect(await sessions(verb, id, '--yes')).toMatchObject({ exitCode: 75 });
    }
    expect((await list()).items[0]?.messageCount).toBe(2);
  });

  it('does not resume a session in the trash, and shows how to restore it', async () => {
    await home.run(['-s', 'thesis', '-p', 'demo', 'Hi']);
    await sessions('delete', 'thesis', '--yes');
    for (const words of [
      ['-s', 'thesis', 'More'],
      ['-r', '-s', 'thesis'],
      ['sessions', 'undo', 'thesis', '--yes'],
    ]) {
      const { stdout, stderr, exitCode } = await home.run(words);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 66 });
      expect(stderr).toContain('The session "thesis" is in the trash.');
      expect(stderr).toContain('synapse sessions restore thesis');
    }
  });

  it('takes back the last delete, and says of a session that it never went', async () => {
    for (const name of ['first', 'second', 'third'])
      await home.run(['-s', name, '-p', 'demo', 'Hi']);
    expect((await sessions('restore', 'last')).stderr).toContain('The trash is empty.');
    for (const name of ['third', 'first']) await sessions('delete', name, '--yes');
    expect((await sessions('restore', 'last')).stdout).toContain('first');
    const { stdout, stderr } = await sessions('restore', 'second');
    expect({ stdout, isTold: stderr.includes('is not in the trash') }).toEqual({
      stdout: '',
      isTold: true,
    });
  });

  it('deletes to the trash, restores, and purges for good', async () => {
    const { id: one } = await seed(['One'], { handle: 'one' });
    const { id: two } = await seed(['Two'], { handle: 'two' });
    const remove = (...args: string[]) => json<Listed>('session-delete', 'delete', ...args);
    expect((await remove('one', 'two', '--dry-run')).items).toHaveLength(2);
    expect((await list()).items).toHaveLength(2);
    await remove('one', 'two', '--yes');
    expect(await idsOf(list())).toEqual([]);
    expect((await list('--trash')).items).toHaveLength(2);
    await json<Listed>('session-list', 'restore', 'one');
    expect(await idsOf(list())).toEqual([one]);
    await remove(two, '--purge', '--yes');
    expect((await list('--all')).items).toHaveLength(1);
    expect(await sessions('show', two)).toMatchObject({ exitCode: 66 });
  });

  it('counts what is stored', async () => {
    await seed(['One', 'Two'], { provider: 'p', model: 'm', pinned: true });
    await seed(['Three'], { archived: true });
    expect(await json('session-stats', 'stats')).toMatchObject({
      ...{ livingCount: 2, archivedCount: 1, pinnedCount: 1, trashedCount: 0, messageCount: 3 },
      costUsd: null,
      store: { engine: 'sqlite' },
    });
    expect((await sessions('stats')).stdout).toContain('p/m');
  });

  describe('with limits', () => {
    beforeEach(() => configure('retention_days = 90'));

    /** As if cleanups had been announced on an earlier day, and looked for work on the day before. */
    const announce = () =>
      seedHome(home, async ({ retention }) => {
        const [announcedAt, nextLookAt] = [new Date(0), new Date(0)];
        await retention.saveMemo({ announcedAt, nextLookAt, mark: await retention.mark() });
      });

    it('moves nothing from under a command that shows something', async () => {
      const { id } = await seed(['Old']);
      await announce();
      for (const args of [
        ['list', '--json'],
        ['show', id],
        ['stats'],
        ['search', 'Old'],
        ['export', id],
        ['list', '--json'],
      ]) {
        expect(await sessions(...args)).toMatchObject({ exitCode: 0, stderr: '' });
      }
      expect(await idsOf(list())).toEqual([id]);
    });

    it('says what the first cleanup would do, and acts on a later day', async () => {
      const { id } = await seed(['Old']);
      const ask = () => home.run(['-p', 'demo', 'Hello']);
      expect((await ask()).stderr).toContain(
        'your limits apply from tomorrow: cleanup will then move 1 session to the trash (inactive for more than 90 days)',
      );
      expect((await ask()).stderr).toBe('');
      const isThere = async () => (await idsOf(list())).includes(id);
      expect(await isThere()).toBe(true);
      await seedHome(home, ({ retention }) => retention.saveMemo({ nextLookAt: new Date(0) }));
      expect((await ask()).stderr).toContain(`synapse sessions restore ${id}`);
      expect(await isThere()).toBe(false);
    });

    it('does not run the first cleanup if notices are off', async () => {
      const { id } = await seed(['Old']);
      expect((await home.run(['-q', '-p', 'demo', 'Hello'])).stderr).toBe('');
      expect(await idsOf(list())).toContain(id);
      expect((await home.run(['-p', 'demo', 'Hello'])).stderr).toContain(
        'your limits apply from tomorrow',
      );
    });

    it('keeps the session just used, however many are pinned', async () => {
      configure('max_sessions = 3');
      for (const text of ['1', '2', '3']) await seed([text], { pinned: true });
      await announce();
      for (const text of ['Hello', 'Again']) {
        expect(await home.run(['-s', 'work', '-p', 'demo', text])).toMatchObject({ exitCode: 0 });
        await announce();
      }
      expect((await list()).items).toHaveLength(4);
    });

    it('keeps what is restored, unpinned', async () => {
      const { id } = await seed(['Old']);
      await announce();
      await home.run(['-p', 'demo', 'Hello']);
      const { items } = await json<Listed>('session-list', 'restore', id);
      expect(items).toMatchObject([{ id, pinned: false }]);
      await announce();
      expect((await home.run(['-p', 'demo', 'Hello'])).stderr).toBe('');
      expect(await idsOf(list())).toContain(id);
    });

    it('prunes when told to, and shows before what would go and why', async () => {
      configure('retention_days = 90\nauto_cleanup = false');
      const { id } = await seed(['Old']);
      await seed(['Pinned'], { pinned: true });
      const planned = await json<Listed>('session-prune', 'prune', '--dry-run');
      expect(planned).toMatchObject({ isDryRun: true, trashedCount: 0, skipped: null });
      expect(planned.items).toMatchObject([
        { sessionId: id, action: 'trash', reason: 'inactive for more than 90 days' },
      ]);
      const refused = await sessions('prune');
      expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
      expect(refused.stderr).toContain('To do it: synapse sessions prune --yes');
      expect((await list()).items).toHaveLength(2);
      expect(await json('session-prune', 'prune', '--yes')).toMatchObject({ trashedCount: 1 });
      expect((await list()).items).toHaveLength(1);
    });

    it('applies them beside a question', async () => {
      const { id } = await seed(['Old']);
      await announce();
      const { stdout, stderr } = await home.run(['-p', 'demo', 'Hello']);
      expect(stdout).toContain('> Hello');
      expect(stderr).toContain(`synapse sessions restore ${id}`);
    });

    it('applies none before an answer has begun', async () => {
      const { id } = await seed(['Old']);
      const double = await openProviderDouble();
      try {
        double.script(jsonReply(400, { error: { message: 'no' } }));
        setUpDouble(home, double, '[session]\nretention_days = 90');
        await announce();
        expect(await home.run(['Hello'])).toMatchObject({ exitCode: 69 });
        const old = await seedHome(home, ({ sessions }) => sessions.get(id));
        expect(old?.deletedAt).toBeNull();
      } finally {
        await double.close();
      }
    });
  });

  it('reports a failure as JSON, too', async () => {
    const { stdout, exitCode } = await sessions('show', 'nobody', '--json');
    expect(exitCode).toBe(66);
    expect(readOutput('error', stdout)).toMatchObject({ code: 'SYNAPSE_SESSION_NOT_FOUND' });
  });

  it('reports an ambiguous reference', async () => {
    await seed(['One'], { title: 'Same', createdAt: at(0) });
    await seed(['Two'], { title: 'Same', createdAt: at(1) });
    const { exitCode, stderr } = await sessions('show', 'Same');
    expect(exitCode).toBe(67);
    expect(stderr).toContain('fits 2 sessions');
  });
});
