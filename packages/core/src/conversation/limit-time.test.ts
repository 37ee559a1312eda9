import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { limitTime } from './limit-time.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A clock whose sleepers wake only when they are told to. */
function heldClock() {
  const clock = new FakeClock();
  let wake: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    wake = resolve;
  });
  clock.onSleep = () => held;
  return { clock, wake };
}

describe('limitTime', () => {
  it('aborts with the limit when the time is over', async () => {
    const { clock, wake } = heldClock();
    const limit = limitTime(new AbortController().signal, 90_000, clock);
    expect(limit.signal.aborted).toBe(false);
    wake();
    await settled();
    expect(limit.signal.reason).toMatchObject({
      code: 'SYNAPSE_LIMIT_REACHED',
      message: 'The turn took longer than 90 s.',
    });
    expect(clock.sleeps).toEqual([90_000]);
  });

  it('aborts with the reason of the turn', () => {
    const { clock } = heldClock();
    const turn = new AbortController();
    const limit = limitTime(turn.signal, 90_000, clock);
    const reason = new Error('stopped');
    turn.abort(reason);
    expect(limit.signal.reason).toBe(reason);
  });

  it('lets a turn be that is over', async () => {
    const { clock, wake } = heldClock();
    const limit = limitTime(new AbortController().signal, 90_000, clock);
    limit.release();
    wake();
    await settled();
    expect(limit.signal.aborted).toBe(false);
  });
});
