import type { Receipt, ReceiptStore } from '@synapse/core/server';

export class MemoryReceiptStore implements ReceiptStore {
  #receipts: Receipt[] = [];

  async keep(receipt: Receipt, keptSince: Date): Promise<Receipt> {
    this.#receipts = this.#receipts.filter(({ at }) => at.getTime() >= keptSince.getTime());
    const known = this.#known(receipt.tokenId, receipt.key);
    const at = new Date(Math.max(receipt.at.getTime(), known?.at.getTime() ?? 0));
    const kept = { ...(known ?? receipt), at };
    this.#receipts = [...this.#receipts.filter((one) => one !== known), kept];
    return structuredClone(kept);
  }

  async find(tokenId: string, key: string): Promise<Receipt | undefined> {
    return structuredClone(this.#known(tokenId, key));
  }

  #known(tokenId: string, key: string): Receipt | undefined {
    return this.#receipts.find((one) => one.tokenId === tokenId && one.key === key);
  }
}
