import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderToString } from 'preact-render-to-string';
import { Markdown } from './markdown.tsx';

const render = (text: string, isGrowing = false) =>
  renderToString(<Markdown text={text} isGrowing={isGrowing} />);

/** What a reader sees. */
const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

const wrap = fc.constantFrom<(word: string) => string>(
  ...[
    (word: string) => word,
    (word: string) => `**${word}**`,
    (word: string) => `*${word}`,
    (word: string) => `\`${word}\``,
    (word: string) => `[${word}](http://a.b/${word})`,
    (word: string) => `[${word}](javascript:alert)`,
    (word: string) => `![${word}](http://a.b/c.png)`,
    (word: string) => `<b>${word}</b>`,
    (word: string) => `<script>${word}</script>`,
    (word: string) => `<!-- ${word} -->`,
    (word: string) => `- ${word}`,
    (word: string) => `- [x] ${word}`,
    (word: string) => `1. ${word}`,
    (word: string) => `> ${word}`,
    (word: string) => `## ${word}`,
    (word: string) => `    ${word}`,
    (word: string) => `\`\`\`\n${word}\n\`\`\``,
    (word: string) => `| ${word} | b |\n|---|---|`,
    (word: string) => `| ${word} | b |`,
    (word: string) => `~~~\n${word}`,
    (word: string) => `  ${word}\\`,
  ],
);

describe('Markdown', () => {
  it('loses no word, whatever is around it', () => {
    const line = fc.tuple(wrap, fc.boolean());
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.boolean(), (lines, isGrowing) => {
        const text = lines
          .map(([mark, hasGap], index) => mark(`word${index}x`) + (hasGap ? '\n' : ''))
          .join('\n');
        const html = render(text, isGrowing);
        lines.forEach((_, index) => expect(html).toContain(`word${index}x`));
      }),
      { numRuns: 500 },
    );
  });

  it('has the nodes of each kind of block', () => {
    const html = render(
      '# Title\n\nSome **bold** *words* and ~~old~~ `code`.\n\n- a\n- [x] b\n\n3. c\n\n> q\n\n---\n\n| l | r |\n|:-|-:|\n| 1 | 2 |\n',
    );
    for (const part of [
      '<h3 class="heading-1" dir="auto">Title</h3>',
      '<strong>bold</strong> <em>words</em> and <del>old</del> <code>code</code>',
      '<ol start="3"><li dir="auto"><p dir="auto">c</p></li></ol>',
      '<blockquote dir="auto"><p dir="auto">q</p></blockquote><hr/>',
      '<th scope="col" align="left" dir="auto">l</th>',
      '<td align="right" dir="auto">2</td>',
    ]) {
      expect(html).toContain(part);
    }
    expect(html).toMatch(
      /<li class="task[^"]*" dir="auto">.*<input type="checkbox" disabled checked\/>.*b/,
    );
  });

  it('shows markup of a stranger as text', () => {
    const hostile = '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <b onclick=x>b</b>';
    const html = render(hostile);
    expect(html).not.toMatch(/<(?:script|img|b)[ >]/);
    expect(textOf(html)).toContain('<img src=x onerror=alert(1)> <b onclick=x>b</b>');
    expect(render('```js"><script>\nx\n```')).not.toContain('<script');
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java&#10;script:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'file:///etc/passwd',
    '/api/export',
    '//evil.example',
    'blob:http://127.0.0.1/x',
  ])('makes no link of %s', (address) => {
    expect(render(`[click](<${address}>)`)).not.toContain('<a ');
  });

  it('lets links lead to the web, without a reference to the page', () => {
    expect(render('[a](https://example.org/x) <me@example.org>')).toContain(
      '<a href="https://example.org/x" title="https://example.org/x" target="_blank" rel="noopener noreferrer nofollow">',
    );
    expect(render('<me@example.org>')).toContain('href="mailto:me@example.org"');
  });

  it.each([
    ['[apple.com](https://xn--80ak6aa92e.com)', 'xn--80ak6aa92e.com'],
    ['[аррӏе](https://аррӏе.com)', 'xn--80ak6aa92e.com'],
    ['[bank.example](https://evil.example/)', 'evil.example'],
    ['[https://bank.example](https://evil.example/)', 'evil.example'],
    ['[x](https://bank.example@evil.example/)', 'evil.example'],
  ])('shows the host of %s', (source, host) => {
    expect(render(source)).toContain(`<span class="link-host"> (${host})</span>`);
  });

  it('shows no host beside a link that says where it leads', () => {
    expect(render('[the docs](https://example.org) https://example.org/a')).not.toContain(
      'link-host',
    );
    expect(render('[example.org](https://www.example.org)')).not.toContain('link-host');
  });

  it('loads no image from elsewhere', () => {
    const html = render('![cat](https://example.org/cat.png?secret) ![x](javascript:x)');
    expect(html).not.toContain('<img');
    expect(html).toContain('Open image: <bdi>cat</bdi> (example.org)');
    expect(render('![x](data:image/png;base64,AAAA)')).toContain(
      '<img src="data:image/png;base64,AAAA"',
    );
    expect(render('![x](data:image/svg+xml;base64,AAAA)')).not.toContain('<img');
  });

  it('shows characters that hide or reorder text', () => {
    const shown = textOf(render('safe\u202Etxt.exe a\u200Bb &#x202E; `\u2066` \u{E0041}'));
    expect(shown).toBe('safeU+202Etxt.exe aU+200Bb U+202E U+2066 U+E0041');
    expect(textOf(render('👩‍👩‍👧 नमस्ते می‌خواهم'))).toBe('👩‍👩‍👧 नमस्ते می‌خواهم');
  });

  it('shows a half mark as what it may become while more may come', () => {
    expect(render('A **bold', true)).toContain('<strong>bold</strong>');
    expect(render('A **bold')).toContain('A **bold');
  });

  it.each(['> ', '- ', '**a *b ', '[', '![', '<b>', '`', '| '])(
    'survives %s many times',
    (mark) => {
      for (const times of [300, 3000]) {
        const html = render(`${mark.repeat(times)}end`);
        expect(html.includes('end')).toBe(true);
        expect(/(?:<(?!\/)[^>]*>){150}/.test(html)).toBe(false);
      }
    },
  );

  it('cuts a very long text, and offers the rest', () => {
    const html = render(`${'word '.repeat(20)}\n\n`.repeat(50_000));
    expect(html).toContain('Show all (5.1 MB)');
    expect(html.length).toBeLessThan(400_000);
  });
});
