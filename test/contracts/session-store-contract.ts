import { afterEach, beforeEach, describe, it } from '@jest/globals';
import type { TestedStore } from '../support/samples.ts';
import type { ContractCases } from './contract-cases.ts';
import { appendCases } from './session-store/append-cases.ts';
import { attachmentCases } from './session-store/attachment-cases.ts';
import { contentCases } from './session-store/content-cases.ts';
import { createCases } from './session-store/create-cases.ts';
import { findCases } from './session-store/find-cases.ts';
import { forkCases } from './session-store/fork-cases.ts';
import { leaseCases } from './session-store/lease-cases.ts';
import { listCases } from './session-store/list-cases.ts';
import { maintenanceCases } from './session-store/maintenance-cases.ts';
import { messagesCases } from './session-store/messages-cases.ts';
import { noteCases } from './session-store/note-cases.ts';
import { revisionCases } from './session-store/revision-cases.ts';
import { trashCases } from './session-store/trash-cases.ts';
import { undoCases } from './session-store/undo-cases.ts';
import { updateCases } from './session-store/update-cases.ts';
import { variantCases } from './session-store/variant-cases.ts';

export const sessionStoreGroups = {
  create: createCases,
  update: updateCases,
  revision: revisionCases,
  find: findCases,
  list: listCases,
  append: appendCases,
  messages: messagesCases,
  notes: noteCases,
  undo: undoCases,
  variants: variantCases,
  fork: forkCases,
  trash: trashCases,
  lease: leaseCases,
  attachments: attachmentCases,
  content: contentCases,
  maintenance: maintenanceCases,
} satisfies Record<string, ContractCases<TestedStore>>;

/** Every promise of the store's ports, for any adapter; `open` gives a fresh store for each. */
export function sessionStoreContract(name: string, open: () => Promise<TestedStore>): void {
  describe(`SessionStore contract: ${name}`, () => {
    let store: TestedStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    for (const [group, cases] of Object.entries(sessionStoreGroups)) {
      describe(group, () => {
        for (const [sentence, prove] of Object.entries(cases)) it(sentence, () => prove(store));
      });
    }
  });
}
