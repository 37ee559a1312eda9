import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { faults, missingFor } from './index.ts';
import { provenElsewhere } from './proven-elsewhere.ts';

const SEED = 20_261_121;

describe('a fault', () => {
  for (const fault of faults) {
    const missing = missingFor(fault);
    const reason = missing === '' ? '' : ` (skipped: needs ${missing})`;
    const run = missing === '' ? it : it.skip;
    run(
      `loses nothing and breaks nothing: ${fault.id}, ${fault.what}${reason}`,
      async () => {
        const figures = await fault.run('pull', SEED);
        // Told whole: a fault that is seen once in a hundred runs has no second chance to be read.
        expect(fault.holds(figures) ? 'holds' : JSON.stringify(figures)).toBe('holds');
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
