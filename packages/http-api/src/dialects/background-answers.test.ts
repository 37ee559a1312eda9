import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InterruptedError, newId } from '@synapse/core';
import type { TurnEvent } from '@synapse/core/conversation';
import { HttpTestbed } from '@synapse/test/support/http-testbed';
import { aSession } from '@synapse/test/support/samples';
import { until } from '@synapse/test/support/until';
import { BackgroundAnswers } from './background-answers.ts';
import { SharedAnswer } from './shared-answer.ts';

describe('an answer in the background', () => {
  let bed: HttpTestbed;
  let controller: AbortController;
  let background: BackgroundAnswers;
  let shared: SharedAnswer;

  beforeEach(async () => {
    bed = await HttpTestbed.open();
    controller = new AbortController();
    const clock = { ...bed.app.clock, sleep: () => new Promise<void>(setImmediate) };
    background = new BackgroundAnswers({ ...bed.app, clock });
    const { id: sessionId } = await bed.store.sessions.create(aSession());
    const place = { sessionId, answerId: newId(), instanceId: newId(), createdAt: new Date() };
    shared = new SharedAnswer({ ...place, events: untilAborted(controller.signal) }, controller);
  });
  afterEach(async () => {
    shared.stop('cancelled');
    await background.stop(0);
    await bed.close();
  });

  it('is cancelled although the store failed meanwhile', async () => {
    const { store } = bed;
    let failures = 0;
    const get = async (id: string) => {
      failures += 1;
      if (failures <= 2) throw new Error('The connection broke.');
      return store.runs.get(id);
    };
    const runs = { ...store.as({ owner: null, tokenId: null, scopes: ['write'] }).runs, get };
    await background.begin(shared, { ...store, runs });
    await until(() => failures > 0);
    await store.runs.requestCancel(shared.relayed.answerId);
    await until(() => controller.signal.aborted);
    expect(shared.stoppedAs).toBe('cancelled');
  });

  it('does not begin while the server stops', async () => {
    await background.stop(0);
    await expect(background.begin(shared, bed.store)).rejects.toBeInstanceOf(InterruptedError);
    expect(controller.signal.aborted).toBe(true);
    expect(await bed.store.runs.get(shared.relayed.answerId)).toBeUndefined();
  });
});

/** An answer whose model says nothing. */
async function* untilAborted(signal: AbortSignal): AsyncGenerator<TurnEvent> {
  await new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}
