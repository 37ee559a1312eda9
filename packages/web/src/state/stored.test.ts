import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readStored, writeStored } from './stored.ts';

/** As much of a Storage as the module calls. */
class FakeStorage {
  readonly values = new Map<string, string>();
  isFull = false;

  getItem(name: string): string | null {
    return this.values.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    if (this.isFull) throw new Error('QuotaExceededError');
    this.values.set(name, value);
  }

  removeItem(name: string): void {
    this.values.delete(name);
  }
}

describe('a value of this browser', () => {
  let storage: FakeStorage;
  beforeEach(() => {
    storage = new FakeStorage();
    Object.assign(globalThis, { localStorage: storage });
  });
  afterEach(() => {
    writeStored('draft.new', null);
    Reflect.deleteProperty(globalThis, 'localStorage');
  });

  it('is gone when another tab has removed it', () => {
    writeStored('draft.new', 'A thought');
    storage.removeItem('synapse.draft.new');
    expect(readStored('draft.new')).toBeNull();
  });

  it('lasts as long as the page if the storage is full, in place of the value before', () => {
    writeStored('draft.new', 'A thought');
    storage.isFull = true;
    writeStored('draft.new', 'A longer thought');
    expect(readStored('draft.new')).toBe('A longer thought');
    storage.isFull = false;
    writeStored('draft.new', 'Another');
    expect(readStored('draft.new')).toBe('Another');
    writeStored('draft.new', null);
    expect(readStored('draft.new')).toBeNull();
  });
});
