import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readEvents, type ServerEvent } from './read-events.ts';

/** As the server writes them: the data is JSON in one line. */
function write({ id, type, data }: ServerEvent): string {
  return `${id === null ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function* cut(text: string, places: readonly number[]): AsyncGenerator<string> {
  const ends = [...places.map((place) => place % (text.length + 1)), text.length].sort(
    (a, b) => a - b,
  );
  let start = 0;
  for (const end of ends) {
    yield text.slice(start, end);
    start = end;
  }
}

describe('the reader of events', () => {
  it('finds the same events however the text is cut', async () => {
    const event = fc.record({
      id: fc.option(fc.nat()),
      type: fc.constantFrom('text-delta', 'ping', 'run-ended'),
      data: fc.jsonValue(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event), fc.array(fc.nat()), async (events, places) => {
        const text = `retry: 1000\n\n${events.map(write).join('')}`;
        const found: ServerEvent[] = [];
        for await (const one of readEvents(cut(text, places))) found.push(one);
        expect(JSON.stringify(found)).toBe(JSON.stringify(events));
      }),
    );
  });

  it('does not pass on an event whose end is missing', async () => {
    const found = readEvents(cut('event: text-delta\ndata: {"text":"ha', []));
    expect((await found.next()).done).toBe(true);
  });
});
