import {
  InvalidDataError,
  type CheckFinding,
  type SchemaStatus,
  type StoreMaintenance,
  type StorePlace,
} from '@synapse/core';
import type { CheckOptions, StoreInfo, TableSize } from '@synapse/core/store-kit';
import type { MemoryState } from './memory-state.ts';

export class MemoryMaintenance implements StoreMaintenance {
  readonly fileBackup = null;
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async schema(): Promise<SchemaStatus> {
    return { applied: [], pending: [] };
  }

  async rollBack(): Promise<SchemaStatus> {
    throw new InvalidDataError('A store in memory has no migration to revert.');
  }

  async check({ signal }: CheckOptions = {}): Promise<CheckFinding[]> {
    signal?.throwIfAborted();
    return [];
  }

  async sizes(): Promise<TableSize[]> {
    return [{ name: 'memory', byteSize: (await this.info()).byteSize }];
  }

  async vacuum(): Promise<void> {
    // Node does.
  }

  async analyze(): Promise<void> {
    // There is no index.
  }

  async info(): Promise<StoreInfo> {
    const records = [...this.#state.records.values()];
    return {
      ...(await this.place()),
      engineVersion: process.versions.node,
      schemaVersion: 0,
      sessionCount: records.length,
      messageCount: records.reduce((sum, { messages }) => sum + messages.length, 0),
    };
  }

  async place(): Promise<StorePlace> {
    const records = [...this.#state.records.values()];
    const texts = records.flatMap(({ messages }) => messages.map(({ parts }) => parts));
    return {
      engine: 'memory',
      location: ':memory:',
      byteSize:
        Buffer.byteLength(JSON.stringify(texts)) +
        [...this.#state.attachments.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0),
    };
  }
}
