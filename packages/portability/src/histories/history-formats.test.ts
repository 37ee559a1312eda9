import { expect, it } from '@jest/globals';
import { historyFormats } from './history-formats.ts';
import { historyTools, OWN_TOOL } from './history-tools.ts';

it('lists the tool of every format, and Synapse itself', () => {
  expect(historyTools).toEqual([...historyFormats.map(({ tool }) => tool), OWN_TOOL]);
});
