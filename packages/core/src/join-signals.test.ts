import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { joinSignals } from './join-signals.ts';

describe('joinSignals', () => {
  it('aborts with the reason of the first signal that aborts', () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const { signal } = joinSignals([first.signal, second.signal], 60_000);
    second.abort('second');
    first.abort('first');
    expect(signal.reason).toBe('second');
  });

  it('is aborted from the start if a signal already is', () => {
    expect(joinSignals([AbortSignal.abort('before')], 60_000).signal.reason).toBe('before');
  });

  it('leaves no listener on a longer-lived signal after release or abort', () => {
    const [longLived, other] = [new AbortController(), new AbortController()];
    joinSignals([longLived.signal], 60_000).release();
    joinSignals([longLived.signal, other.signal], 60_000);
    other.abort();
    expect(getEventListeners(longLived.signal, 'abort')).toEqual([]);
  });
});
