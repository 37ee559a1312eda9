import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { newId } from '@synapse/core';
import { itNeeds } from '@synapse/test/support/it-needs';
import { missingPgBouncer, startPgBouncer, type PgBouncer } from '@synapse/test/support/pgbouncer';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { aToken, Served } from '@synapse/test/support/served';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

const postgres = usePostgres();

describe.each(['directly', 'behind PgBouncer'])('two servers of one PostgreSQL, %s', (way) => {
  const isPooled = way !== 'directly';
  const it = itNeeds(isPooled ? missingPgBouncer : '');
  let pooler: PgBouncer | undefined;
  let environment: Record<string, string>;
  let home: SynapseHome;
  let double: ProviderDouble;
  let servers: Served[];
  let sessionId: string;
  beforeAll(async () => {
    const url = await postgres.newDatabase();
    if (isPooled && missingPgBouncer === '') pooler = await startPgBouncer(url);
    environment = { SYNAPSE_DATABASE_URL: pooler?.url ?? url };
  });
  afterAll(() => pooler?.stop());
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double, '[session]\ngenerate_titles = false\n[tools]\nmode = "all"');
    const token = await aToken(home, ['read', 'write', 'tools'], environment);
    const start = () => Served.start(home, token, environment);
    servers = await Promise.all([start(), start()]);
    sessionId = newId();
    await first().ask('/api/sessions', { id: sessionId, title: 'Two' });
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.end('SIGKILL')));
    await double.close();
    home.remove();
  });
  const first = () => servers[0]!;
  const second = () => servers[1]!;
  const ask = async (text: string) => {
    const id = newId();
    const begun = await first().ask(`/api/sessions/${sessionId}/runs`, { id, text, tools: 'all' });
    expect(begun.status).toBe(202);
    return id;
  };
  const half = openAiChatWire({ text: ['half'] })
    .slice(0, 2)
    .join('');
  const hangs = () => streamOf([{ send: half }, { hang: true }]);

  it('reads, follows and cancels on one the run of the other', async () => {
    double.script(hangs());
    const id = await ask('Shall it end?');
    expect(await second().read(`/api/runs/${id}/events`, 'half')).toContain('id: 1\n');
    const taken = { id: newId(), text: 'Me, too?' };
    const refused = await second().ask(`/api/sessions/${sessionId}/runs`, taken);
    expect([refused.status, refused.body.run]).toEqual([409, id]);
    const page = await second().ask(`/api/sessions/${sessionId}/messages`);
    expect(page.body.run).toMatchObject({ id, answer: [{ type: 'text', text: 'half' }] });
    expect((await second().post(`/api/runs/${id}/cancel`)).status).toBe(202);
    const told = await second().ask(`/api/runs/${id}/events`);
    expect(told.text).toContain('event: run-ended');
    expect((await first().ask(`/api/runs/${id}`)).body).toMatchObject({ state: 'cancelled' });
  });

  it('decides on one what the other asks', async () => {
    const input = JSON.stringify({ path: 'a.txt', content: 'a' });
    const write = { id: 'c1', name: 'write', arguments: [input] };
    double.script(chatReply({ toolCalls: [write] }), chatReply({ text: ['as you like'] }));
    const id = await ask('Write a file.');
    await second().read(`/api/runs/${id}/events`, 'event: approval-opened');
    const { items } = (await second().ask('/api/approvals')).body as { items: { id: string }[] };
    const path = `/api/approvals/${items[0]?.id}/decision`;
    const decisions = await Promise.all(
      servers.map((server, index) => server.ask(path, { answer: index === 0 ? 'no' : 'once' })),
    );
    expect(decisions.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await second().ask(`/api/runs/${id}/events`)).text).toContain('as you like');
  });

  it('loses nothing of a server that is killed, and ends its run', async () => {
    double.script(hangs(), chatReply({ text: ['whole'] }));
    const id = await ask('Is it lost?');
    await second().read(`/api/runs/${id}/events`, 'half');
    await first().end('SIGKILL');
    const told = await second().ask(`/api/runs/${id}/events`);
    expect(told.text).toMatch(/event: run-ended\ndata: .*"interrupted"/);
    const page = await second().ask(`/api/sessions/${sessionId}/messages`);
    expect(page.body).toMatchObject({ items: [{ id, role: 'user' }, {}], run: null });
    const again = { id: newId(), text: 'Once more?' };
    expect((await second().ask(`/api/sessions/${sessionId}/runs`, again)).status).toBe(202);
    expect((await second().ask(`/api/runs/${again.id}/events`)).text).toContain('whole');
  });
});
