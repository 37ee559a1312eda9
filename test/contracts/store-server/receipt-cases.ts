import { expect } from '@jest/globals';
import { newId, type Store } from '@synapse/core';
import type { Receipt } from '@synapse/core/server';
import { at, noon } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

function aReceipt(receipt: Partial<Receipt> = {}): Receipt {
  const [key, fingerprint] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string];
  return { tokenId: newId(), key, fingerprint, at: at(1), ...receipt };
}

export const receiptCases: ContractCases<Store> = {
  'keeps the first fingerprint of a key, with the later time': async ({ receipts }) => {
    const receipt = aReceipt({ at: at(5) });
    expect(await receipts.keep(receipt, noon)).toEqual(receipt);
    const other = { ...receipt, fingerprint: 'c'.repeat(64) };
    expect(await receipts.keep({ ...other, at: at(9) }, noon)).toEqual({ ...receipt, at: at(9) });
    expect(await receipts.keep({ ...other, at: at(2) }, noon)).toEqual({ ...receipt, at: at(9) });
    expect(await receipts.find(receipt.tokenId, receipt.key)).toEqual({ ...receipt, at: at(9) });
  },

  'finds no receipt of another token or of another key': async ({ receipts }) => {
    const receipt = aReceipt();
    await receipts.keep(receipt, noon);
    expect(await receipts.find(newId(), receipt.key)).toBeUndefined();
    expect(await receipts.find(receipt.tokenId, 'd'.repeat(64))).toBeUndefined();
    const own = aReceipt({ fingerprint: 'e'.repeat(64) });
    expect(await receipts.keep(own, noon)).toEqual(own);
  },

  'forgets receipts that are too old, whatever their token': async ({ receipts }) => {
    const [old, young] = [aReceipt({ at: at(1) }), aReceipt({ at: at(2) })];
    await receipts.keep(old, noon);
    await receipts.keep(young, noon);
    await receipts.keep(aReceipt({ at: at(3) }), at(2));
    expect(await receipts.find(old.tokenId, old.key)).toBeUndefined();
    expect(await receipts.find(young.tokenId, young.key)).toEqual(young);
    const again = { ...old, fingerprint: 'f'.repeat(64) };
    expect(await receipts.keep({ ...again, at: at(4) }, noon)).toEqual({ ...again, at: at(4) });
  },

  'gives one of two requests at once the fingerprint of the other': async ({ receipts }) => {
    const receipt = aReceipt();
    const other = { ...receipt, fingerprint: 'c'.repeat(64) };
    const kept = await Promise.all([receipts.keep(receipt, noon), receipts.keep(other, noon)]);
    expect(new Set(kept.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  },
};
