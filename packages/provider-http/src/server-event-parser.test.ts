import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { growthOf, MUCH_GROWTH } from '@synapse/test/support/growth';
import { ServerEventParser } from './server-event-parser.ts';

function parse(text: string): object[] {
  const parser = new ServerEventParser(1000);
  return [...parser.push(Buffer.from(text)), ...parser.end()];
}

/** The rules of the format, line by line. */
function readPlainly(text: string): object[] {
  const events: object[] = [];
  let name: string | null = null;
  let data: string[] = [];
  for (const line of [...text.split(/\r\n|\r|\n/), '', '']) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (line === '') {
      if (data.length > 0) events.push({ name, data: data.join('\n') });
      name = null;
      data = [];
    } else if (field === 'data') data.push(value);
    else if (field === 'event') name = value;
  }
  return events;
}

describe('ServerEventParser', () => {
  it('follows the format for any stream, split anywhere', () => {
    const lines = ['data: a', 'data:  b', 'data', 'data:', 'event: e', 'event', ': c', 'id: 1', ''];
    const piece = fc.tuple(
      fc.constantFrom(...lines, 'dat', 'data: é👋🏽'),
      fc.constantFrom('\n', '\r', '\r\n'),
    );
    const cuts = fc.array(fc.nat(120), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }),
        fc.constantFrom('', 'data: z'),
        cuts,
        (stream, rest, at) => {
          const text = stream.flat().join('') + rest;
          const bytes = Buffer.from(text);
          const parser = new ServerEventParser(1000);
          const ends = [...at.sort((a, b) => a - b), bytes.length];
          const events = ends.flatMap((end, index) =>
            parser.push(bytes.subarray(ends[index - 1] ?? 0, end)),
          );
          expect([...events, ...parser.end()]).toEqual(readPlainly(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads names and data, with one space after the colon left out', () => {
    expect(parse('event: a\ndata:  b\n\ndata:c\n\n')).toEqual([
      { name: 'a', data: ' b' },
      { name: null, data: 'c' },
    ]);
  });

  it('ignores other fields, whatever their names begin with', () => {
    expect(parse('database: a\nevents: b\ndata-x: c\nid: 1\n: d\ndata: e\n\n')).toEqual([
      { name: null, data: 'e' },
    ]);
  });

  it('reads the same however the bytes are split', () => {
    const stream = 'event: a\r\ndata: é\r\ndata\r\n\ndata:x\revent\r\r: c\ndata: 👋🏽\n\nid: 1\n\n';
    const whole = parse(stream);
    expect(whole).toEqual([
      { name: 'a', data: 'é\n' },
      { name: '', data: 'x' },
      { name: null, data: '👋🏽' },
    ]);
    const bytes = Buffer.from(stream);
    for (const size of [1, 2, 3, 5, 7]) {
      const parser = new ServerEventParser(1000);
      const events: object[] = [];
      for (let start = 0; start < bytes.length; start += size) {
        events.push(...parser.push(bytes.subarray(start, start + size)));
      }
      expect([...events, ...parser.end()]).toEqual(whole);
    }
  });

  it('joins data of several lines', () => {
    expect(parse('data: a\ndata\ndata: b\n\n')).toEqual([{ name: null, data: 'a\n\nb' }]);
  });

  it('forgets an event without data, and its name', () => {
    expect(parse('event: a\n\ndata: b\n\n')).toEqual([{ name: null, data: 'b' }]);
  });

  it('accepts a last event without its blank line', () => {
    expect(parse('data: a\n\ndata: b')).toEqual([
      { name: null, data: 'a' },
      { name: null, data: 'b' },
    ]);
  });

  it('reads CR LF as one line ending, also when they arrive separately', () => {
    const parser = new ServerEventParser(1000);
    expect(parser.push(Buffer.from('event: a\r\ndata: b\r'))).toEqual([]);
    expect(parser.push(Buffer.from(''))).toEqual([]);
    expect(parser.push(Buffer.from('\ndata: c\r\n\r'))).toEqual([{ name: 'a', data: 'b\nc' }]);
    expect(parser.push(Buffer.from('\ndata: d\n\n'))).toEqual([{ name: null, data: 'd' }]);
  });

  it('replaces invalid UTF-8', () => {
    const parser = new ServerEventParser(1000);
    const bytes = Buffer.concat([Buffer.from('data: a'), Buffer.of(0xff), Buffer.from('b\n\n')]);
    expect(parser.push(bytes)).toEqual([{ name: null, data: 'a\ufffdb' }]);
  });

  it('reports an event that exceeds the limit, and only then', () => {
    const parser = new ServerEventParser(1000);
    for (let count = 0; count < 50; count += 1)
      parser.push(Buffer.from(`data: ${'x'.repeat(90)}\n\n`));
    expect(parser.isOversized).toBe(false);
    for (let count = 0; count < 50; count += 1) parser.push(Buffer.from('x'.repeat(90)));
    expect(parser.isOversized).toBe(true);
  });

  it('reads an event of 10 MB in small pieces in linear time', () => {
    const piece = Buffer.from('x'.repeat(1024));
    const growth = growthOf((size) => {
      const parser = new ServerEventParser(32 * 1024 * 1024);
      parser.push(Buffer.from('data: '));
      for (let count = 0; count < size; count += 1) parser.push(piece);
      const [event] = parser.push(Buffer.from('\n\n'));
      expect(event?.data).toHaveLength(size * 1024);
    }, 1024);
    expect(growth).toBeLessThan(MUCH_GROWTH);
  });
});
