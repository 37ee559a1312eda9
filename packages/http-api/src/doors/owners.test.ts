import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { scopes } from '@synapse/core/server';
import { routes, type Route } from '@synapse/http-api';
import { createToken, HttpTestbed } from '@synapse/test/support/http-testbed';
import { aMessage, anAnswer, aSession } from '@synapse/test/support/samples';

const SECRET = 'the secret of ann';
const ofSessions = routes
  .filter(({ path }) => /\{(sessionId|runId|approvalId|responseId|conversationId)\}/.test(path))
  .map((route): [string, Route] => [`${route.method} ${route.path}`, route]);

let bed: HttpTestbed;
let token: string;
const ids: Record<string, string> = {};

/** Sessions, a run and an approval of Ann; and a token of Bob, who may do everything. */
beforeAll(async () => {
  bed = await HttpTestbed.open({ limits: { requestsPerMinute: 1e6 } });
  token = await createToken(bed.store.tokens, scopes, 'bob');
  const { sessions, attachments, runs, approvals, aliases } = bed.store;
  const session = await sessions.create(aSession({ title: SECRET, owner: 'ann' }));
  const bytes = Buffer.from(SECRET);
  const attachment = await attachments.put({ bytes, mediaType: 'text/plain', name: SECRET });
  const question = aMessage(SECRET, { parts: [{ type: 'file', attachment }] });
  const answer = anAnswer(SECRET);
  await sessions.append(session.id, [question, answer], null);
  await aliases.set('response', answer.id, session.id);
  const startedAt = new Date();
  const run = { id: question.id, sessionId: session.id, instanceId: 'i', requestHash: 'h' };
  await runs.begin({ ...run, startedAt });
  const approval = await approvals.open({
    ...{ id: newId(), sessionId: session.id, runId: run.id, callId: 'c', openedAt: startedAt },
    expiresAt: new Date(startedAt.getTime() + 3_600_000),
    question: {
      ...{ tool: 't', effect: 'write', details: [], warnings: [], reason: SECRET },
      ...{ isInsisted: false, rules: [], askRule: null },
    },
  });
  Object.assign(ids, {
    ...{ sessionId: session.id, messageId: question.id, runId: run.id },
    ...{ approvalId: approval.id, sha256: attachment.sha256 },
    ...{ responseId: `resp_${answer.id}`, conversationId: `conv_${session.id}` },
  });
});
afterAll(() => bed.close());

function pathOf({ path }: Pick<Route, 'path'>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? newId());
}

describe('a token of another owner', () => {
  it.each(ofSessions)('finds nothing by %s', async (_, route) => {
    const json = route.body?.kind === 'json' ? route.body.example : undefined;
    const { status, body } = await bed.ask(route.method, pathOf(route), { token, json });
    expect(status).toBe(404);
    expect(JSON.stringify(body)).not.toContain(SECRET);
  });

  it.each(['/api/sessions', '/api/search?q=secret', '/api/export', '/api/approvals', '/api/usage'])(
    'sees nothing of it in %s',
    async (path) => {
      const { status, body } = await bed.get(path, { token });
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(SECRET);
      expect(JSON.stringify(body)).not.toContain(ids.sessionId);
    },
  );

  it('leaves everything as it was', async () => {
    const { title, deletedAt } = (await bed.store.sessions.get(ids.sessionId!))!;
    expect({ title, deletedAt }).toEqual({ title: SECRET, deletedAt: null });
    expect(await bed.store.sessions.messages(ids.sessionId!, { limit: 9 })).toHaveLength(2);
    expect(await bed.store.runs.get(ids.runId!)).toMatchObject({ isCancelRequested: false });
  });
});
