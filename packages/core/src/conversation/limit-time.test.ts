import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { limitTime } from './limit-time.ts';

describe('limitTime', () => {
  it('aborts with a limit error when the time is up', async () => {
    const clock = new FakeClock();
    const limit = limitTime(new AbortController().signal, 90_000, clock);
    await clock.advance(89_999);
    expect(limit.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(limit.signal.reason).toMatchObject({
      code: 'SYNAPSE_LIMIT_REACHED',
      message: 'The run took longer than 90 s.',
    });
  });

  it('aborts with the reason of the turn', () => {
    const clock = new FakeClock();
    const turn = new AbortController();
    const limit = limitTime(turn.signal, 90_000, clock);
    const reason = new Error('stopped');
    turn.abort(reason);
    expect(limit.signal.reason).toBe(reason);
  });

  it('does not abort a turn that has ended', async () => {
    const clock = new FakeClock();
    const limit = limitTime(new AbortController().signal, 90_000, clock);
    limit.release();
    expect(clock.sleeperCount).toBe(0);
    await clock.advance(90_000);
    expect(limit.signal.aborted).toBe(false);
  });
});
