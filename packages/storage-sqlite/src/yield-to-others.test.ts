import { describe, expect, it } from '@jest/globals';
import { createYielder } from './yield-to-others.ts';

/** The number of pauses while a task holds the lock for `heldMs` and leaves it for `freeMs`, 20 times. */
async function countPauses(heldMs: number, freeMs: number, heldPerPause?: number): Promise<number> {
  let [now, pauses] = [0, 0];
  const yieldToOthers = createYielder({
    now: () => now,
    pause: async (ms) => {
      pauses += 1;
      now += ms;
    },
  });
  for (let step = 0; step < 20; step += 1) {
    now += heldMs;
    await yieldToOthers(heldMs, heldPerPause);
    now += freeMs;
  }
  return pauses;
}

describe('createYielder', () => {
  it('pauses whenever the lock was held for 40 ms', async () => {
    expect(await countPauses(20, 0)).toBe(10);
    expect(await countPauses(1, 0)).toBe(0);
  });

  it('pauses less often if others may wait longer', async () => {
    expect(await countPauses(20, 0, 3)).toBe(3);
  });

  it('needs no pause if the lock was free for as long as it was held', async () => {
    expect(await countPauses(20, 10)).toBe(10);
    expect(await countPauses(20, 45)).toBe(0);
  });
});
