import { describe, expect, it } from '@jest/globals';
import { toText } from './to-text.ts';

describe('toText', () => {
  const page = (html: string) => toText(Buffer.from(html), 'text/html');

  it.each([
    ['is nested without end', `${'<div>'.repeat(20_000)}${'<'.repeat(200_000)}`],
    ['keeps expressions busy', `x${'&nbsp;'.repeat(300_000)}`],
  ])('still gives the text of a page that %s', async (_, html) => {
    const text = await page(`<p>The <b>beginning</b></p>${html}y`);
    expect(text).toMatch(/^\s*The\s+beginning\s/);
    expect(text).toMatch(/y$/);
  });
});
