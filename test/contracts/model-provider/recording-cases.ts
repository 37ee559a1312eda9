import { describe, expect, it } from '@jest/globals';
import { readAnswer, textOfEvents } from '@synapse/test/support/read-answer';
import { eventStream } from '@synapse/test/support/replies';
import { readPlainly } from '@synapse/test/support/wire/plain-reading';
import { toWire } from '@synapse/test/support/wire/wire-events';
import { fixtureStreams, recordedStreams } from '@synapse/test/support/wire/wire-streams';
import type { ProviderKit } from './provider-kit.ts';

/** That whole answers come through a real connection as they were recorded. */
export function recordingCases(kit: ProviderKit): void {
  const { dialect } = kit.harness;
  const streams = [...fixtureStreams(dialect), ...recordedStreams(dialect)];

  describe.each(streams)('the stream $name', ({ lines }) => {
    it('comes through a connection, however its bytes are packed', async () => {
      const bytes = Buffer.from(toWire(dialect, lines).join(''));
      const { text, calls } = readPlainly(dialect, lines);
      const isFailure = lines.some((line) => line.includes('"type":"error"'));
      for (const size of [37, 1009, bytes.length]) {
        kit.double.script(eventStream(...inPieces(bytes, size)));
        const { events, error } = await readAnswer(kit.provider);
        expect(error === undefined).toBe(!isFailure);
        expect(textOfEvents(events, 'text-delta')).toBe(text.toWellFormed());
        const found = events.filter((event) => event.type === 'tool-call');
        expect(found.map(({ name }) => name)).toEqual(
          isFailure ? [] : calls.map(({ name }) => name),
        );
      }
    });
  });
}

function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
