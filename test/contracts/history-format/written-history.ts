import { createHash } from 'node:crypto';
import type { JsonObject } from '@synapse/core';
import fc from 'fast-check';

/** A conversation that a test writes in the format of a tool. */
export interface WrittenHistory {
  /** A UUID, as most tools have. */
  id: string;
  title: string;
  /** Each with the times of its messages in milliseconds, rising. */
  turns: WrittenTurn[];
  /** Another answer to the prompt of the last turn, which the user left; tools without branches ignore it. */
  leftAnswer: string | null;
}

export interface WrittenTurn {
  at: number;
  prompt: string;
  /** A PNG in Base64 beside the prompt; formats that keep no images ignore it. */
  image: string | null;
  reasoning: string | null;
  call: WrittenCall | null;
  answer: string;
}

export interface WrittenCall {
  name: string;
  input: JsonObject;
  output: string;
  /** A PNG in Base64 that the tool returned with its output. */
  image: string | null;
}

/** How a test writes histories as a tool does, and what of them the format can keep. */
export interface HistoryWriter {
  tool: string;
  path: string;
  /** The bytes of a file with these conversations; tools with a file for each conversation get one. */
  write(histories: readonly WrittenHistory[]): string | Uint8Array | Promise<Uint8Array>;
  keeps: {
    /** Whether a file has many conversations. */
    many?: boolean;
    branches?: boolean;
    calls?: boolean;
    /** The name of the field that the input of a call becomes, if only its text is kept. */
    inputField?: string;
    reasoning?: boolean;
    images?: boolean;
    /** The images that tools returned. */
    resultImages?: boolean;
  };
}

const START = Date.parse('2026-03-01T10:00:00Z');

// No spaces at the ends: some formats are trimmed text.
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((body) => `a ${body.replaceAll(/[<>[\]\u0000]/g, '')} z`);

const image = fc
  .uint8Array({ minLength: 1, maxLength: 8 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));

const call = fc.record({
  name: fc.constantFrom('read_file', 'shell'),
  input: fc.dictionary(fc.constantFrom('path', 'command'), text),
  output: text,
  image: fc.option(image),
});

const turn = fc.record({
  prompt: text,
  image: fc.option(image),
  reasoning: fc.option(text),
  call: fc.option(call),
  answer: text,
});

export const anyHistory: fc.Arbitrary<WrittenHistory> = fc
  .record({
    id: fc.uuid(),
    title: text,
    turns: fc.array(turn, { minLength: 1, maxLength: 5 }),
    leftAnswer: fc.option(text),
  })
  .map(({ turns, ...rest }) => ({
    ...rest,
    turns: turns.map((each, index) => ({ ...each, at: START + index * 60_000 })),
  }));

/** A message of the history in plain words: what it is, and its content. */
export function expectedMessages(
  { turns }: WrittenHistory,
  keeps: HistoryWriter['keeps'],
): string[] {
  const { calls = false, reasoning = false, images = false, resultImages, inputField } = keeps;
  return turns.flatMap((each) => {
    const { input = {}, image = null } = each.call ?? {};
    const kept = inputField ? { [inputField]: textOfInput(input) } : input;
    return [
      `user ${each.prompt}`,
      ...(images && each.image !== null ? [imageWords(each.image)] : []),
      ...(reasoning && each.reasoning ? [`reasoning ${each.reasoning}`] : []),
      ...(calls && each.call
        ? [`call ${each.call.name} ${JSON.stringify(kept)}`, `result ${each.call.output}`]
        : []),
      ...(resultImages && image !== null ? [`returned ${imageWords(image)}`] : []),
      `assistant ${each.answer}`,
    ];
  });
}

/** An image in plain words, given in Base64. */
function imageWords(image: string): string {
  return `image ${createHash('sha256').update(image, 'base64').digest('hex')}`;
}

export function dataUrlOf(image: string): string {
  return `data:image/png;base64,${image}`;
}

/** As Anthropic's API has it. */
export function imageBlock(data: string): JsonObject {
  return { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
}

/** The output of a call as Anthropic's API has it: with an image, a list of blocks. */
export function outputOf({ output, image }: WrittenCall): string | JsonObject[] {
  return image === null ? output : [{ type: 'text', text: output }, imageBlock(image)];
}

export function textOfInput(input: JsonObject): string {
  return JSON.stringify(input);
}
