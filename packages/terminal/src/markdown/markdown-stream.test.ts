import { describe, expect, it } from '@jest/globals';
import { createVirtualScreen } from '@synapse/test/support/virtual-screen';
import fc from 'fast-check';
import { createStyle } from '../text/style.ts';
import { createMarkdownStream } from './markdown-stream.ts';
import { renderMarkdown } from './render-markdown.ts';

const style = createStyle(true);

const blocks = [
  '# Title **bold**',
  'Setext\n---',
  'A paragraph with **bold**, `code`, *em* and [a link](https://example.org/a/long/path) that is wrapped.',
  'Two lines\nof one paragraph, hard  \nbroken, 日本語のテキスト and 👩‍👩‍👧‍👦.',
  '- one\n- two\n  - deep\n    1. deeper\n- three',
  '1. first\n\n2. second\n\n   more of it\n\n   ```js\n   const a = 1;\n   ```\n3. third',
  '- [x] done\n- [ ] open',
  '> a quote\n> > in a quote\nlazy\n>\n> - list',
  '```ts\nconst a = `one\ntwo` + 3; // a comment that makes this line a long one\n\n/* open\n   still */ let b;\n```',
  '~~~\nplain\n```\n~~~',
  '| a | number | 日本 |\n|---|---:|:-:|\n| one | 1 | 語 |\n| a cell that is rather long | 20,000 | x |',
  '***',
  '<div>\nhtml\n</div>',
  '    indented\n    code',
  '[name]: https://example.org\n\nA [link by name][name], and &lt;entities&gt; &#27;[2J.',
  'ends with half **bold',
  '```python\nunfinished = "fence',
  '- item\n\n\n- after a gap\n+ another list',
  '\x1b[2Jsafe\r\x1b]0;x\x07',
];

const documents = fc
  .array(fc.constantFrom(...blocks), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join('\n\n'));
const sizes = fc.constantFrom<[number, number][]>([80, 24], [40, 8], [20, 5], [27, 3]);
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });

function chunksOf(text: string, lengths: readonly number[]): string[] {
  const chunks: string[] = [];
  for (let index = 0; index < text.length;) {
    const length = lengths[chunks.length % lengths.length]!;
    chunks.push(text.slice(index, index + length));
    index += length;
  }
  return chunks;
}

async function stream(chunks: readonly string[], columns: number, rows: number) {
  const screen = createVirtualScreen(columns, rows);
  const markdown = createMarkdownStream({
    write: screen.write,
    columns: () => columns,
    rows: () => rows,
    style,
    frameMs: 0,
  });
  for (const chunk of chunks) markdown.push(chunk);
  await markdown.end();
  return screen;
}

async function once(text: string, columns: number, rows: number) {
  const screen = createVirtualScreen(columns, rows);
  screen.write(await renderMarkdown(text, { columns, style }));
  return screen;
}

describe('createMarkdownStream', () => {
  it('ends with the screen of the whole document, whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(documents, sizes, cuts, async (text, [columns, rows], lengths) => {
        const streamed = await stream(chunksOf(text, lengths), columns, rows);
        const whole = await once(text, columns, rows);
        expect(await streamed.lines({ withStyle: true })).toEqual(
          await whole.lines({ withStyle: true }),
        );
        expect(await streamed.cursor()).toEqual(await whole.cursor());
      }),
      { numRuns: 150 },
    );
  });

  it('keeps its promise for long paragraphs, lists and tables', async () => {
    const word = 'Some words with **bold ones** and `code`. ';
    const text = [
      word.repeat(400),
      Array.from({ length: 120 }, (_item, index) => `${index + 1}. item ${word}`).join('\n'),
      `| a | b |\n|---|---|\n${`| ${word} | 1 |\n`.repeat(60)}`,
      'x'.repeat(9000),
    ].join('\n\n');
    const streamed = await stream(chunksOf(text, [37]), 60, 12);
    const whole = await once(text, 60, 12);
    expect(await streamed.lines({ withStyle: true })).toEqual(
      await whole.lines({ withStyle: true }),
    );
  });

  it('shows a line before it has ended, and a block before the next one', async () => {
    const screen = createVirtualScreen(40, 10);
    const markdown = createMarkdownStream({
      write: screen.write,
      columns: () => 40,
      rows: () => 10,
      style,
      frameMs: 0,
    });
    markdown.push('Hello');
    expect(await screen.lines()).toEqual(['Hello']);
    markdown.push(' **world**\n');
    expect(await screen.lines()).toEqual(['Hello world']);
    markdown.push('\n- ');
    expect(await screen.lines()).toEqual(['Hello world']);
    markdown.push('item');
    expect(await screen.lines()).toEqual(['Hello world', '', '• item']);
    markdown.abort();
    markdown.push('never');
    expect(await screen.lines()).toEqual(['Hello world', '', '• item']);
    expect((await screen.cursor()).column).toBe(0);
  });

  it('leaves out a half mark when it is aborted', async () => {
    const screen = createVirtualScreen(40, 10);
    const markdown = createMarkdownStream({
      write: screen.write,
      columns: () => 40,
      rows: () => 10,
      style,
      frameMs: 0,
    });
    markdown.push('```js\nlet a;\n``');
    markdown.abort();
    expect(await screen.lines()).toEqual(['  let a;']);
  });

  it('shows everything once when it is aborted while it ends', async () => {
    const screen = createVirtualScreen(40, 10);
    const markdown = createMarkdownStream({
      write: screen.write,
      columns: () => 40,
      rows: () => 10,
      style,
      frameMs: 0,
    });
    markdown.push('text\n\n```ruby\nputs 1\nputs 2');
    const ended = markdown.end();
    markdown.abort();
    await ended;
    expect(await screen.lines()).toEqual(['text', '', '  puts 1', '  puts 2']);
  });

  it('appends plain text without moving the cursor', () => {
    const writes: string[] = [];
    const markdown = createMarkdownStream({
      write: (text) => writes.push(text),
      columns: () => 40,
      rows: () => 10,
      style,
      frameMs: 0,
    });
    for (const word of ['one', ' two', ' three']) markdown.push(word);
    markdown.abort();
    expect(writes).toEqual(['one', ' two', ' three', '\n']);
  });

  it('writes nothing for an empty answer', async () => {
    const writes: string[] = [];
    const markdown = createMarkdownStream({
      write: (text) => writes.push(text),
      columns: () => 40,
      rows: () => 10,
      style,
    });
    markdown.push('');
    await markdown.end();
    expect(writes).toEqual([]);
  });

  it('goes on after the terminal has become narrower', async () => {
    const screen = createVirtualScreen(40, 10);
    let columns = 40;
    const markdown = createMarkdownStream({
      write: screen.write,
      columns: () => columns,
      rows: () => 10,
      style,
      frameMs: 0,
    });
    markdown.push('A first paragraph.\n\nA second paragraph that fills a line and more');
    await screen.lines();
    columns = 24;
    screen.resize(24, 10);
    markdown.push(' words.');
    await markdown.end();
    expect(await screen.lines()).toEqual([
      'A first paragraph.',
      '',
      'A second paragraph that',
      'fills a line and more',
      'words.',
    ]);
  });

  it('lets nothing but text and its own codes through', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const output = await renderMarkdown(text, { columns: 30, style });
        expect(output.replaceAll(/\x1b\[\d{1,2}m/g, '')).toMatch(
          /^[\n\x20-\x7e\u00a0-\u{10ffff}]*$/u,
        );
      }),
    );
  });

  it.each([20, 60])(
    'shows no finished paragraph twice after fg, on %i columns',
    async (columns) => {
      const screen = createVirtualScreen(columns, 12);
      const markdown = createMarkdownStream({
        ...{ write: screen.write, columns: () => columns, rows: () => 12, style },
        frameMs: 60_000,
      });
      markdown.push('A first paragraph, which is finished.');
      // Between two frames: it is final by now, and the screen shows it as what may still change.
      markdown.push('\n\nA second');
      screen.write('\nsh> fg\n');
      process.emit('SIGCONT');
      screen.write('\nsh> fg\n');
      process.emit('SIGCONT');
      markdown.push(' one.\n\nA third.');
      await markdown.end();
      const shown = (await screen.lines()).join(' ');
      expect(shown.match(/A first/g)).toHaveLength(1);
      expect(shown.match(/A second/g)).toHaveLength(2);
      expect(shown).toMatch(/finished\. sh> fg {2}A second sh> fg {2}A second one\. {2}A third\.$/);
    },
  );
});
