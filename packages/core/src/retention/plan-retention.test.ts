import { describe, expect, it } from '@jest/globals';
import { addSample, daysAgo, today } from '@synapse/test/support/retention-samples';
import { createMemoryStore } from '../memory-store.ts';
import { hasRetentionWork } from './plan-retention.ts';
import { defaultRetentionSettings } from './retention-settings.ts';

describe('hasRetentionWork', () => {
  it('is true where a cleanup would do something, and once a day', async () => {
    const store = createMemoryStore();
    const settings = { ...defaultRetentionSettings, maxSessions: 2 };
    const hasWork = () => hasRetentionWork(store.retention, settings, today);
    expect(await hasWork()).toBe(true);
    await store.retention.saveMemo({ lastRunAt: today });
    await addSample(store, { ageDays: 1, state: 'plain', trashedDays: 0 });
    await addSample(store, { ageDays: 2, state: 'plain', trashedDays: 0 });
    expect(await hasWork()).toBe(false);
    const third = await addSample(store, { ageDays: 3, state: 'plain', trashedDays: 0 });
    expect(await hasWork()).toBe(true);
    await store.sessions.trash(third, daysAgo(29));
    expect(await hasWork()).toBe(false);
    await store.sessions.restore(third);
    await store.sessions.trash(third, daysAgo(31));
    expect(await hasWork()).toBe(true);
  });
});
