import type { StoreInfo, StoreMaintenance } from '../ports/store-maintenance.ts';
import type { MemoryState } from './memory-state.ts';

export class MemoryMaintenance implements StoreMaintenance {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async info(): Promise<StoreInfo> {
    const records = [...this.#state.records.values()];
    const texts = records.flatMap(({ messages }) => messages.map(({ parts }) => parts));
    return {
      engine: 'memory',
      location: ':memory:',
      engineVersion: process.versions.node,
      schemaVersion: 0,
      sessionCount: records.length,
      messageCount: texts.length,
      byteSize:
        Buffer.byteLength(JSON.stringify(texts)) +
        [...this.#state.attachments.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0),
    };
  }
}
