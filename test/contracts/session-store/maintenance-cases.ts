import { expect } from '@jest/globals';
import { aConversation, noon, type TestedStore } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

export const maintenanceCases: ContractCases<TestedStore> = {
  'says what is there, the trash included': async ({ sessions, maintenance }) => {
    await aConversation({ sessions }, ['q', 'a']);
    const { id } = await aConversation({ sessions }, ['q']);
    await sessions.trash(id, noon);
    const info = await maintenance.info();
    expect(info).toMatchObject({ sessionCount: 2, messageCount: 3 });
    expect(info.byteSize).toBeGreaterThan(0);
    expect(info.engineVersion).toMatch(/^\d+\./);
    expect(info.location).not.toBe('');
  },
};
