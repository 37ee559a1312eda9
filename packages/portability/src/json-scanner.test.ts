import { describe, expect, it } from '@jest/globals';
import { InvalidDataError } from '@synapse/core';
import fc from 'fast-check';
import { JsonScanner, type JsonEvent } from './json-scanner.ts';

function scan(text: string, cuts: readonly number[], isWhole: boolean): JsonEvent[] {
  const scanner = new JsonScanner((path) => isWhole && path.length === 0);
  const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  let start = 0;
  const events = ends.flatMap((end) => {
    const found = scanner.push(text.slice(start, end));
    start = end;
    return found;
  });
  return [...events, ...scanner.end()];
}

/** Builds the value again from what the scanner came across. */
function rebuild(events: readonly JsonEvent[]): unknown {
  type Container = Record<string | number, unknown>;
  const root: Container = {};
  const parentOf = (path: JsonEvent['path']) =>
    ['', ...path].slice(0, -1).reduce((parent: Container, key) => parent[key] as Container, root);
  for (const event of events) {
    const key = event.path.at(-1) ?? '';
    const define = (value: unknown): unknown =>
      Object.defineProperty(parentOf(event.path), key, {
        ...{ value, enumerable: true, writable: true, configurable: true },
      });
    if (event.type === 'open') define(event.isArray ? [] : {});
    else if (event.type === 'value') define(event.value);
  }
  return root[''];
}

const cuts = fc.array(fc.nat(), { maxLength: 6 });

describe('JsonScanner', () => {
  it('reads what JSON.parse reads, whole or in parts, wherever the text is cut', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom(0, 2),
        cuts,
        fc.boolean(),
        (json, indent, at, isWhole) => {
          const value: unknown = JSON.parse(json);
          const text = JSON.stringify(value, null, indent);
          expect(JSON.stringify(rebuild(scan(text, at, isWhole)))).toBe(JSON.stringify(value));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('rejects exactly what JSON.parse rejects, and also duplicate keys', () => {
    const pieces = fc.constantFrom(
      ...'{}[],:"\\'.split(''),
      '"a"',
      '"b":',
      '1',
      '-',
      'null',
      'tru',
      ' ',
      '\n',
      '\t',
      '\u0001',
      '0.5e',
      'é',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 9 }).map((all) => all.join('')),
        cuts,
        (text, at) => {
          let isRefused = false;
          let message = '';
          try {
            scan(text, at, false);
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidDataError);
            isRefused = true;
            message = (error as Error).message;
          }
          if (!message.includes('twice')) expect(isRefused).toBe(!isJson(text));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('names the line and the path', () => {
    expect(() => scan('{\n"a": [\n1, {"b c": x}]}', [], false)).toThrow('Line 3: a[1]."b c"');
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
