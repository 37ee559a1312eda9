import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { faults, isInstalled } from './index.ts';
import { provenElsewhere } from './proven-elsewhere.ts';

const SEED = 20_261_121;

describe('a fault', () => {
  for (const fault of faults) {
    const missing = (fault.needs ?? []).filter((program) => !isInstalled(program));
    const reason = missing.length > 0 ? ` (skipped: needs ${missing.join(', ')})` : '';
    const run = missing.length > 0 ? it.skip : it;
    run(
      `loses nothing and breaks nothing: ${fault.id}, ${fault.what}${reason}`,
      async () => {
        const figures = await fault.run('pull', SEED);
        expect({ ...figures, holds: fault.holds(figures) }).toMatchObject({ holds: true });
      },
      300_000,
    );
  }
});

describe('a fault that is proven elsewhere', () => {
  it.each(provenElsewhere)('is there: %s, %s', (_, file, name) => {
    expect(readFileSync(file, 'utf8')).toContain(name);
  });
});
