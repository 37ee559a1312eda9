import { describe, expect, it } from '@jest/globals';
import { growthOf, MUCH_GROWTH } from '@synapse/test/support/growth';
import { ToolCallIds } from './tool-call-ids.ts';

function rename(...given: string[]): string[] {
  const ids = new ToolCallIds();
  return given.map((id) => ids.next(id));
}

describe('ToolCallIds', () => {
  it('keeps a valid id', () => {
    expect(rename('toolu_01-A', 'b')).toEqual(['toolu_01-A', 'b']);
  });

  it('numbers repetitions and skips ids that are taken', () => {
    expect(rename('a', 'a_2', 'a', 'a_2')).toEqual(['a', 'a_2', 'a_3', 'a_2_2']);
  });

  it('keeps to forty letters, digits, dashes and underscores', () => {
    expect(rename('x'.repeat(41), 'x'.repeat(40), 'ü.1', '')).toEqual([
      'x'.repeat(40),
      `${'x'.repeat(38)}_2`,
      '__1',
      'call',
    ]);
  });

  it('renames thousands of equal ids without trying them all', () => {
    const growth = growthOf((size) => {
      const ids = rename(...Array.from({ length: size }, () => 'call_0'));
      expect(new Set(ids).size).toBe(size);
    }, 2000);
    expect(growth).toBeLessThan(MUCH_GROWTH);
  });
});
