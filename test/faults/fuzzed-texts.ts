import fc from 'fast-check';
import { createSafeText, toSafeText } from '@synapse/terminal';
import { hiding, printable, terminalPayloads } from '../support/terminal-payloads.ts';
import { scaled, type Fault } from './fault.ts';

const anyPiece = fc.oneof(
  fc.constantFrom(...terminalPayloads, 'text', '\r', '\n', '\u001b', '\u009d', '👩', 'क', '\u200d'),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('utf8')),
);
const anyText = fc.array(anyPiece).map((pieces) => pieces.join(''));
const anyCuts = fc.array(fc.nat(7), { minLength: 1 });

/** H3: what others write, on its way to a terminal. */
export const fuzzedTexts: Fault = {
  id: 'H3',
  what: 'any text in any pieces passes the filter of the terminal',
  async run(tier, seed) {
    const figures = { texts: 0, control_bytes: 0, hidden: 0, cut_differs: 0 };
    fc.assert(
      fc.property(anyText, anyCuts, (text, cuts) => {
        const safe = toSafeText(text);
        figures.texts += 1;
        figures.control_bytes += printable.test(safe) ? 0 : 1;
        figures.hidden += hiding.test(safe) ? 1 : 0;
        figures.cut_differs += safe === inPieces(text, cuts) ? 0 : 1;
      }),
      { numRuns: scaled(tier, 10_000, 1_000_000, 10_000_000), seed },
    );
    return figures;
  },
  holds: ({ control_bytes, hidden, cut_differs }) =>
    control_bytes === 0 && hidden === 0 && cut_differs === 0,
};

function inPieces(text: string, cuts: readonly number[]): string {
  const safe = createSafeText();
  let output = '';
  for (let index = 0, turn = 0; index < text.length; turn += 1) {
    const end = index + (cuts[turn % cuts.length] ?? 0) + 1;
    output += safe.push(text.slice(index, end));
    index = end;
  }
  return output + safe.flush();
}
