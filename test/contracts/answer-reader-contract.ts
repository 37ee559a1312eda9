import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProviderError } from '@synapse/core';
import type { AnswerReader } from '@synapse/provider-http';
import { textOfEvents } from '@synapse/test/support/read-answer';
import { readPieces } from '@synapse/test/support/read-pieces';
import { readPlainly } from '@synapse/test/support/wire/plain-reading';
import { toWire, type WireDialect } from '@synapse/test/support/wire/wire-events';
import {
  fixtureStreams,
  hasRecordings,
  recordedStreams,
  type WireStream,
} from '@synapse/test/support/wire/wire-streams';

const BYTES_TO_READ = 15_000_000;

export interface AnswerReaderHarness {
  dialect: WireDialect;
  createReader(): AnswerReader;
  /** True for the event that makes the answer whole; what follows it may be missing. */
  isTerminal(line: string): boolean;
  /** Similar events: some continue the same text, and others nearly do. */
  alike: readonly object[];
}

/** What must be the same however the bytes of an answer arrive. */
export function answerReaderContract(harness: AnswerReaderHarness): void {
  describe(`AnswerReader contract: ${harness.dialect}`, () => {
    describe.each(fixtureStreams(harness.dialect))('$name', (stream) => {
      streamCases(harness, stream, 1);
    });
    joinLaw(harness);
    const recordings = recordedStreams(harness.dialect);
    if (hasRecordings) {
      describe.each(recordings)('recorded: $name', (stream) => {
        streamCases(harness, stream, strideOf(stream));
      });
    } else {
      // Recordings of the real services are not part of the project.
      it.skip('recorded streams (skipped: SYNAPSE_WIRE_DIR names no folder here)', () => undefined);
    }
  });
}

function joinLaw(harness: AnswerReaderHarness): void {
  it('means the same in a single read as event by event', async () => {
    const read = (...pieces: Uint8Array[]) => readPieces(harness.createReader(), pieces);
    const streams = fc.array(fc.constantFrom(...harness.alike), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(streams, fc.boolean(), async (events, isNamed) => {
        const lines = events.map((event) => JSON.stringify(event));
        const wire = toWire(harness.dialect, lines);
        const pieces = wire.map((event) =>
          Buffer.from(isNamed ? event : event.replace(/^event: .*\n/, '')),
        );
        const [apart, together] = [await read(...pieces), await read(Buffer.concat(pieces))];
        expect(together.events).toEqual(apart.events);
        expect(together.error).toEqual(apart.error);
      }),
      { numRuns: 3000 },
    );
  });
}

function streamCases(harness: AnswerReaderHarness, stream: WireStream, stride: number): void {
  const { dialect, lines } = stream;
  const read = (...pieces: Uint8Array[]) => readPieces(harness.createReader(), pieces);
  const wire = (newline?: string): Buffer => Buffer.from(toWire(dialect, lines, newline).join(''));
  const whole = wire();
  const isFailure = lines.some((line) => line.includes('"type":"error"'));

  it('is understood', async () => {
    const { events, error } = await read(whole);
    if (isFailure) expect(error).toBeInstanceOf(ProviderError);
    else expect(error).toBeUndefined();
    expect(events.filter(({ type }) => type === 'turn-end')).toHaveLength(isFailure ? 0 : 1);
    for (const event of events) if ('text' in event) expect(event.text.isWellFormed()).toBe(true);
  });

  it('says what a plain reading of its lines finds', async () => {
    const { events } = await read(whole);
    const { text, reasoning, calls } = readPlainly(dialect, lines);
    const said = textOfEvents(events, 'text-delta');
    expect(said.isWellFormed() && text.toWellFormed()).toBe(said);
    // What separates the parts of a summary is our own.
    expect(withoutBreaks(textOfEvents(events, 'reasoning-delta'))).toBe(withoutBreaks(reasoning));
    const found = events.filter((event) => event.type === 'tool-call');
    const wanted = isFailure ? [] : calls;
    expect(found.map(({ name, input }) => ({ name, input }))).toEqual(
      wanted.map(({ name, input }) => ({ name, input: JSON.parse(input || '{}') as unknown })),
    );
  });

  it('means the same wherever it is cut', async () => {
    const expected = JSON.stringify((await read(whole)).events);
    for (let cut = 0; cut <= whole.length; cut += stride) {
      const { events } = await read(whole.subarray(0, cut), whole.subarray(cut));
      // Comparing texts is many times faster than comparing trees.
      expect(JSON.stringify(events)).toBe(expected);
    }
  });

  it('means the same byte by byte, and in pieces of any size', async () => {
    const { events } = await read(whole);
    expect((await read(...bytesOf(whole))).events).toEqual(events);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 30 }),
        async (sizes) => {
          let start = 0;
          const pieces = sizes.map((size) => whole.subarray(start, (start += size)));
          expect((await read(...pieces, whole.subarray(start))).events).toEqual(events);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('means the same with %s, wherever it is cut', async (_name, newline) => {
    const expected = JSON.stringify((await read(whole)).events);
    const bytes = wire(newline);
    for (let cut = 0; cut <= bytes.length; cut += stride * 3) {
      const { events } = await read(bytes.subarray(0, cut), bytes.subarray(cut));
      expect(JSON.stringify(events)).toBe(expected);
    }
    const { events } = await read(...bytesOf(bytes));
    expect(JSON.stringify(events)).toBe(expected);
  });

  it('means the same with a byte order mark, comments and data on several lines', async () => {
    const { events } = await read(whole);
    const rewritten = toWire(dialect, lines).map((event) => {
      const [, name = '', data = ''] = /^(event: .*\n)?data: (.*)\n\n$/s.exec(event) ?? [];
      const indented = data === '[DONE]' ? data : JSON.stringify(JSON.parse(data), null, 1);
      const fields = indented.split('\n').map((line) => `data:${line}\n`);
      return `: comment\nid: 7\nretry: 10\n${name}${fields.join('')}\n: more\n\n`;
    });
    expect((await read(Buffer.from(`\ufeff${rewritten.join('')}`))).events).toEqual(events);
  });

  it('never ends well when it is cut off', async () => {
    const last = lines.findIndex((line) => harness.isTerminal(line));
    const needed = Buffer.byteLength(toWire(dialect, lines.slice(0, last + 1)).join(''));
    const end = last === -1 ? whole.length : needed - `\n\n}data: [DONE]\n\n`.length;
    for (let cut = 0; cut < end; cut += stride) {
      const { events, error } = await read(whole.subarray(0, cut));
      expect(error).toBeInstanceOf(ProviderError);
      expect(events.some(({ type }) => type === 'turn-end')).toBe(false);
    }
  });

  it('fails in one way only when bytes are damaged', async () => {
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [index, value] of changes) bytes[index] = value;
        const { events, error } = await read(bytes);
        const ends = events.filter(({ type }) => type === 'turn-end');
        if (error === undefined) expect(ends).toHaveLength(1);
        else expect(error).toBeInstanceOf(ProviderError);
        for (const event of events)
          if ('text' in event) expect(event.text.isWellFormed()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
}

function bytesOf(buffer: Uint8Array): Uint8Array[] {
  return Array.from(buffer, (byte) => Uint8Array.of(byte));
}

/** Every byte where that is quickly done: the time grows with the square of the length. */
function strideOf({ lines }: WireStream): number {
  const length = lines.reduce((sum, line) => sum + line.length, 0);
  return Math.ceil(length ** 2 / BYTES_TO_READ);
}

function withoutBreaks(text: string): string {
  return text.replaceAll('\n\n', '');
}
