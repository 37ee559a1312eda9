import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { addSample, daysAgo } from '@synapse/test/support/retention-samples';
import { takeRetentionHint } from './retention-hint.ts';
import { defaultRetentionSettings } from './retention-settings.ts';

describe('takeRetentionHint', () => {
  it('shows the excess once a week if automatic cleanup is off', async () => {
    const store = createMemoryStore();
    const settings = { ...defaultRetentionSettings, maxSessions: 1, autoCleanup: false };
    const hint = (days: number, chosen = settings) =>
      takeRetentionHint(store.retention, chosen, daysAgo(-days));
    await addSample(store, { ageDays: 1, state: 'plain', trashedDays: 0 });
    await addSample(store, { ageDays: 1, state: 'pinned', trashedDays: 0 });
    expect(await hint(0)).toBeUndefined();
    await addSample(store, { ageDays: 1, state: 'plain', trashedDays: 0 });
    expect(await hint(0, { ...settings, autoCleanup: true })).toBeUndefined();
    expect(await hint(0)).toBe(1);
    expect(await hint(6)).toBeUndefined();
    expect(await hint(8)).toBe(1);
  });
});
