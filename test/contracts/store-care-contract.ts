import { afterEach, beforeEach, describe, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import type { ContractCases } from './contract-cases.ts';
import { changeCases } from './store-care/change-cases.ts';
import { ledgerCases } from './store-care/ledger-cases.ts';
import { maintenanceCases } from './store-care/maintenance-cases.ts';
import { retentionCases } from './store-care/retention-cases.ts';
import { searchCases } from './store-care/search-cases.ts';
import { searchChangeCases } from './store-care/search-change-cases.ts';
import { transferCases } from './store-care/transfer-cases.ts';
import { usageCases } from './store-care/usage-cases.ts';
import { aliasCases } from './store-server/alias-cases.ts';
import { approvalCases } from './store-server/approval-cases.ts';
import { receiptCases } from './store-server/receipt-cases.ts';
import { runCases } from './store-server/run-cases.ts';
import { scopeCases } from './store-server/scope-cases.ts';
import { tokenCases } from './store-server/token-cases.ts';

export const storeCareGroups = {
  search: searchCases,
  'search after changes': searchChangeCases,
  retention: retentionCases,
  transfer: transferCases,
  maintenance: maintenanceCases,
  ledger: ledgerCases,
  usage: usageCases,
  changes: changeCases,
  tokens: tokenCases,
  runs: runCases,
  approvals: approvalCases,
  aliases: aliasCases,
  receipts: receiptCases,
  owners: scopeCases,
} satisfies Record<string, ContractCases<Store>>;

/** What keeps a store findable, small and whole, for any adapter; `open` gives a fresh store. */
export function storeCareContract(name: string, open: () => Promise<Store>): void {
  describe(`Store care contract: ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    for (const [group, cases] of Object.entries(storeCareGroups)) {
      describe(group, () => {
        for (const [sentence, prove] of Object.entries(cases)) it(sentence, () => prove(store));
      });
    }
  });
}
