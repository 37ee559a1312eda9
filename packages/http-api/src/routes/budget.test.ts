import { afterEach, describe, expect, it } from '@jest/globals';
import type { App } from '@synapse/app/wiring';
import { newId } from '@synapse/core';
import { HttpTestbed } from '@synapse/test/support/http-testbed';
import { aMessage, anAnswer, aSession, noon } from '@synapse/test/support/samples';

let bed: HttpTestbed;
afterEach(() => bed.close());

async function openWith(limits: Partial<App['settings']['limits']>): Promise<void> {
  bed = await HttpTestbed.open({
    changeApp: (app) => ({
      ...app,
      clock: { ...app.clock, now: () => noon },
      settings: { ...app.settings, limits: { ...app.settings.limits, ...limits } },
    }),
  });
}

async function spend(usd: number, createdAt: Date): Promise<string> {
  const { id } = await bed.store.sessions.create(aSession());
  const answer = anAnswer('answer', { createdAt, cost: { nanoUsd: usd * 1e9, price: 'reported' } });
  await bed.store.sessions.append(id, [aMessage('question'), answer], null);
  return id;
}

describe('the budget', () => {
  it('has no line without a limit', async () => {
    await openWith({});
    expect((await bed.get('/api/budget')).body).toEqual({ items: [] });
  });

  it('shows what is left of the day and of a session', async () => {
    await openWith({ max_cost_run: 1, max_cost_session: 2, max_cost_day: 3 });
    const id = await spend(0.5, noon);
    await spend(1, new Date('2026-03-01T00:00:00Z'));
    await spend(20, new Date('2026-02-28T23:59:59Z'));
    const run = { period: 'run', setting: 'limits.max_cost_run', limitUsd: 1 };
    const session = { period: 'session', setting: 'limits.max_cost_session', limitUsd: 2 };
    const day = { period: 'day', setting: 'limits.max_cost_day', limitUsd: 3 };
    const unknown = { usedUsd: null, leftUsd: null };
    expect((await bed.get('/api/budget')).body.items).toEqual([
      { ...run, ...unknown },
      { ...session, ...unknown },
      { ...day, usedUsd: 1.5, leftUsd: 1.5 },
    ]);
    const { body } = await bed.get(`/api/budget?sessionId=${id}`);
    expect((body.items as unknown as object[])[1]).toEqual({
      ...{ ...session, usedUsd: 0.5, leftUsd: 1.5 },
    });
  });

  it('has nothing left, and no debt, when more was spent', async () => {
    await openWith({ max_cost_day: 3 });
    await spend(5, noon);
    expect((await bed.get('/api/budget')).body.items).toMatchObject([{ usedUsd: 5, leftUsd: 0 }]);
  });

  it('fails for an unknown session', async () => {
    await openWith({});
    expect((await bed.get(`/api/budget?sessionId=${newId()}`)).status).toBe(404);
  });
});
