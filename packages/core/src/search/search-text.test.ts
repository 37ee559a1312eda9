import { describe, expect, it } from '@jest/globals';
import type { Part } from '../session/part.ts';
import { searchTextOf } from './search-text.ts';

describe('searchTextOf', () => {
  it('contains messages, calls and output, but not reasoning', () => {
    const attachment = { sha256: 'x', mediaType: 'text/plain', name: 'Report.txt', byteLength: 1 };
    const parts: Part[] = [
      { type: 'text', text: 'Look here' },
      { type: 'reasoning', text: 'secretly' },
      { type: 'tool-call', id: '1', name: 'read_file', input: { path: 'a.md', lines: [1, 'ten'] } },
      { type: 'tool-call', id: '2', name: 'run', input: {}, invalidInput: '{"broken' },
      { type: 'tool-result', id: '1', name: 'read_file', output: 'Printed.', isError: false },
      { type: 'file', attachment },
    ];
    expect(searchTextOf(parts)).toBe('look here read file a md ten run broken printed report txt');
  });

  it('contains only the beginning of a long output', () => {
    const output = `first ${' '.repeat(64 * 1024)} last`;
    const parts: Part[] = [{ type: 'tool-result', id: '1', name: 'x', output, isError: false }];
    expect(searchTextOf(parts)).toBe('first');
  });

  it('survives an input that is nested deeper than the stack', () => {
    const input = JSON.parse(`${'{"a":'.repeat(5000)}"deep"${'}'.repeat(5000)}`) as never;
    expect(searchTextOf([{ type: 'tool-call', id: '1', name: 'x', input }])).toBe('x deep');
  });
});
