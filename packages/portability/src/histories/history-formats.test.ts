import { expect, it } from '@jest/globals';
import { historyFormats } from './history-formats.ts';
import { historyTools } from './history-tools.ts';

it('lists the tool of every format', () => {
  expect(historyTools).toEqual(historyFormats.map(({ tool }) => tool));
});
