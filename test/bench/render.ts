import { createMarkdownStream } from '@synapse/terminal/markdown';
import { createStyle } from '@synapse/terminal';
import { compare, type Measure } from './measure.ts';

const TOKENS = 100_000;
const RUNS = 3;

/** A long answer on a terminal, as fast as it comes: 100,000 tokens take a provider 500 seconds. */
export async function benchRender(): Promise<Measure[]> {
  const promise = 'linear: 2 times; 5 % of a stream at 200 tokens a second: 25,000 ms';
  return [
    await compare(
      'rendering an answer of 100,000 tokens (of 50,000)',
      promise,
      () => render(TOKENS),
      () => render(TOKENS / 2),
      RUNS,
    ),
    await compare(
      'rendering one paragraph of 100,000 tokens (of 50,000)',
      promise,
      () => render(TOKENS, ['word ']),
      () => render(TOKENS / 2, ['word ']),
      RUNS,
    ),
  ];
}

/** What models write: headings, paragraphs, lists, tables and code, a few characters at a time. */
const sample = [
  ...pieces('## A heading\n\nSome *text* with `code`, a [link](https://example.org) and 日本語. '),
  ...pieces('It goes on for a while, as answers do, until the paragraph is over.\n\n'),
  ...pieces(
    '1. one\n2. two\n   - nested **bold**\n3. three\n\n| a | b |\n|---|--:|\n| x | 1 |\n\n',
  ),
  ...pieces('```ts\nconst answer = (question: string): number => question.length * 42;\n```\n\n'),
];

function pieces(text: string): string[] {
  return text.match(/[^]{1,4}/gu) ?? [];
}

async function render(tokens: number, text: readonly string[] = sample): Promise<void> {
  const stream = createMarkdownStream({
    write: () => undefined,
    columns: () => 100,
    rows: () => 40,
    style: createStyle(true),
  });
  for (let index = 0; index < tokens; index++) {
    stream.push(text[index % text.length] ?? '');
    // Painting waits for its turn, as it does beside a stream.
    if (index % 20 === 0) await new Promise(setImmediate);
  }
  await stream.end();
}
