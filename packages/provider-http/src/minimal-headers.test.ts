import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MinimalHeaders } from './minimal-headers.ts';

const names = fc.constantFrom('accept', 'Accept', 'X-Request-Id', 'x-request-id', 'set-cookie');
const values = fc.stringMatching(/^ ?[a-z,;=]{0,5} ?$/);
const changes = fc.oneof(
  fc.record({
    call: fc.constantFrom('append' as const, 'set' as const),
    name: names,
    value: values,
  }),
  fc.record({ call: fc.constant('delete' as const), name: names, value: fc.constant('') }),
);

describe('MinimalHeaders', () => {
  it('behaves like the global Headers', () => {
    fc.assert(
      fc.property(fc.array(changes), names, (list, name) => {
        const [ours, theirs] = [new MinimalHeaders(), new Headers()];
        for (const headers of [ours, theirs]) {
          for (const change of list) {
            if (change.call === 'delete') headers.delete(change.name);
            else headers[change.call](change.name, change.value);
          }
        }
        expect(ours.get(name)).toBe(theirs.get(name));
        expect(ours.has(name)).toBe(theirs.has(name));
        const namesOf = (headers: Iterable<[string, string]>) =>
          [...new Map(headers).keys()].sort();
        expect(namesOf(ours)).toEqual(namesOf(theirs));
        expect([...ours.entries()]).toEqual([...ours]);
      }),
    );
  });
});
