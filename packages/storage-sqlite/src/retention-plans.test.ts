import { describe, expect, it } from '@jest/globals';
import { applyRetention, type Store, defaultRetentionSettings } from '@synapse/core';
import { createKnexStore, migrate } from '@synapse/storage-knex';
import { addSample, today } from '@synapse/test/support/retention-samples';
import { createSqliteKnex } from './create-sqlite-knex.ts';
import { loadDrivers } from './load-drivers.ts';

interface Statement {
  sql: string;
  bindings: unknown[];
}

/** How SQLite looks for what the work asks for: a line for each step of each statement. */
async function plansOf(work: (store: Store) => Promise<unknown>): Promise<string[][]> {
  const { knex, dialect } = createSqliteKnex(await loadDrivers(), ':memory:', undefined);
  try {
    await migrate(knex, dialect);
    const store = createKnexStore(knex, dialect, ':memory:');
    for (const ageDays of [2, 3]) {
      await addSample(store, { ageDays, state: 'plain', trashedDays: 0 });
    }
    const statements: Statement[] = [];
    const listen = ({ sql, bindings }: Statement) => void statements.push({ sql, bindings });
    knex.on('query', listen);
    await work(store);
    knex.off('query', listen);
    const plans: string[][] = [];
    for (const { sql, bindings } of statements.filter((each) => /^(select|with)/.test(each.sql))) {
      const steps: { detail: string }[] = await knex.raw(
        `explain query plan ${sql}`,
        bindings as [],
      );
      plans.push(steps.map(({ detail }) => detail));
    }
    return plans;
  } finally {
    await knex.destroy();
  }
}

describe('a cleanup on SQLite', () => {
  it('searches only indexes, and sorts nothing', async () => {
    const settings = { ...defaultRetentionSettings, maxSessions: 1 };
    const look = ({ retention }: Store) =>
      applyRetention(retention, { now: () => today }, settings, { isConfirmed: false });
    const lines = (await plansOf(look)).flat();
    expect(lines).toContain('SCAN sessions USING COVERING INDEX sessions_limited');
    expect(lines.join('\n')).toMatch(
      /SEARCH sessions USING INDEX sessions_limited \(updated_at<\?\)/,
    );
    expect(lines.join('\n')).toMatch(/SEARCH sessions USING INDEX sessions_deleted/);
    for (const line of lines) {
      expect(line).not.toMatch(/TEMP B-TREE FOR ORDER BY|SCAN sessions$/);
    }
  });

  it('counts many sessions with an index only', async () => {
    const plans = await plansOf(({ retention }) => retention.countActive({ before: today }, 9));
    expect(plans.flat().filter((line) => line.includes('sessions_'))).toEqual([
      'SEARCH sessions USING COVERING INDEX sessions_limited (updated_at<?)',
    ]);
  });

  it('reads only its memo if it already ran today', async () => {
    const look = async ({ retention }: Store) => {
      const settings = { ...defaultRetentionSettings };
      await applyRetention(retention, { now: () => today }, settings, { isConfirmed: false });
    };
    const plans = await plansOf(async (store) => {
      await store.retention.saveMemo({ nextLookAt: new Date(today.getTime() + 60_000) });
      await look(store);
    });
    expect(plans).toEqual([[expect.stringContaining('retention_memo')]]);
  });
});

describe('the figures of all sessions on SQLite', () => {
  it('come from one statement, a row for each model', async () => {
    let rows = 0;
    const plans = await plansOf(async ({ usage }) => {
      rows = (await usage.sessionTotals()).length;
    });
    expect({ statements: plans.length, rows }).toEqual({ statements: 1, rows: 1 });
  });
});
