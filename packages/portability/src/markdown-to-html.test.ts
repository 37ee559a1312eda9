import { describe, expect, it } from '@jest/globals';
import { anyText } from '@synapse/test/support/arbitraries/texts';
import fc from 'fast-check';
import { markdownToHtml } from './markdown-to-html.ts';

const ownTags =
  /<\/?(?:p|p class="plain"|em|strong|del|h[1-6]|ul|ol|ol start="\d+"|li|blockquote|pre|code|hr|br|table|thead|tbody|tr|th|td|t[hd] align="(?:left|right|center)"|a|a href="(?:https?:\/\/|mailto:)[^"<>]*" rel="noopener noreferrer nofollow"|input (?:checked="" )?disabled="" type="checkbox")>/gi;

const piece = fc.oneof(
  anyText,
  fc.constantFrom(
    ...[
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '<pre>',
      '</pre>',
      '<style>',
      '<!-- -->',
    ],
    ...[
      '[a](javascript:alert(1))',
      '[a](https://b.c "t\\"<")',
      '![a](data:x)',
      '<javascript:alert(1)>',
      '[a]: data:x "b"',
    ],
    ...[
      '`<b>`',
      '```html\n<b>\n```',
      '# ',
      '> ',
      '- [x] a',
      '1. ',
      '|a|b|\n|:-|-|\n|<i>|c|',
      '\n\n',
      '    <b>',
      '**',
      '&lt;',
      'https://a.b/<c>"',
    ],
  ),
);

describe('markdownToHtml', () => {
  it('escapes foreign markup', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const html = markdownToHtml(pieces.join(''));
        expect(html.replaceAll(ownTags, '')).not.toMatch(/[<>]/);
        expect(html).not.toMatch(/href="(?!https?:|mailto:)/);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps Markdown that is harmless', () => {
    expect(markdownToHtml('**a** [b](https://c.d)')).toBe(
      '<p><strong>a</strong> <a href="https://c.d" rel="noopener noreferrer nofollow">b</a></p>\n',
    );
  });

  it('handles Markdown that is nested very deeply', () => {
    expect(markdownToHtml('>'.repeat(100_000))).toContain('&gt;&gt;');
  });
});
