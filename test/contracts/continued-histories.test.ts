import { expect, it } from '@jest/globals';
import { continueHistories, emptyFigures } from '../faults/continued-imports.ts';
import { writers } from './history-format/index.ts';

const SEED = 20_261_130;

it.each(writers)(
  'imported sessions of $tool ($path) continue with every provider',
  async (writer) => {
    const figures = emptyFigures();
    await continueHistories({ writer, seed: SEED, perKind: 1, serversEach: 2 }, figures);
    const { refused, failed, missing, sessions } = figures;
    const isSound = sessions! > 0 && refused === 0 && failed === 0 && missing === 0;
    expect(isSound ? 'holds' : figures).toBe('holds');
  },
);
