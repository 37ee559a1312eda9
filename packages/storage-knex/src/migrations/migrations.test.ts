import { describe, expect, it } from '@jest/globals';
import { migrations } from './index.ts';

describe('the migrations', () => {
  it('are numbered without gap or repetition, and named for what they do', () => {
    for (const [index, { name }] of migrations.entries()) {
      expect(name).toMatch(/^\d{4}-[a-z]+(-[a-z]+)+$/);
      expect(Number(name.slice(0, 4))).toBe(index + 1);
    }
    expect(new Set(migrations.map(({ name }) => name.slice(5))).size).toBe(migrations.length);
  });
});
