import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { serverSlug, toolName } from './tool-name.ts';

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 100, unit: 'grapheme' }),
  fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', '_', '-', ' ') }),
);

describe('toolName', () => {
  it('reads as server and tool where both are plain', () => {
    expect(toolName('git', 'read_file')).toBe('mcp__git__read_file');
    expect(toolName('my-server', '__proto__')).toBe('mcp__my-server____proto__');
  });

  it('fits what every provider takes', () => {
    fc.assert(
      fc.property(name, name, (server, tool) => {
        expect(toolName(server, tool)).toMatch(/^mcp__[a-zA-Z0-9_-]{1,59}$/);
      }),
    );
  });

  it('gives different tools of any servers different names', () => {
    fc.assert(
      fc.property(fc.tuple(name, name), fc.tuple(name, name), (one, other) => {
        fc.pre(one[0] !== other[0] || one[1] !== other[1]);
        expect(toolName(...one)).not.toBe(toolName(...other));
      }),
      { numRuns: 300 },
    );
  });

  it('lets no server name a tool that reads as that of another', () => {
    const pairs: [string, string][] = [
      ['a', 'b__c'],
      ['a__b', 'c'],
      ['a_', 'b__c'],
      ['a', '_b__c'],
      ['_a', 'b__c'],
      ['A', 'b__c'],
      ['a b', 'c'],
      ['a_b', 'c'],
      ['a/b', 'c'],
      ['x'.repeat(80), 'c'],
      [`${'x'.repeat(80)}y`, 'c'],
      ['a', 'x'.repeat(80)],
      ['a', `${'x'.repeat(80)}y`],
    ];
    const names = pairs.map(([server, tool]) => toolName(server, tool));
    expect(new Set(names).size).toBe(pairs.length);
    for (const [server] of pairs) expect(serverSlug(server)).not.toMatch(/__|^_|_$/);
  });
});
