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

  const latin1 = (text: string) => Buffer.from(text, 'latin1');
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  it.each([
    ['a meta element', latin1('<meta charset="iso-8859-1"><p>caf\xe9</p>'), 'text/html'],
    [
      'a meta element for HTTP',
      latin1(
        "<META http-equiv='Content-Type' content='text/html; charset=windows-1252'><p>caf\xe9</p>",
      ),
      'text/html',
    ],
    [
      'a meta element behind a comment with another',
      latin1('<!-- <meta charset="utf-8"> --><meta charset=latin1><p>caf\xe9</p>'),
      'text/html',
    ],
    [
      'a meta element that is wrong',
      Buffer.from('<meta charset="utf-16"><p>café</p>'),
      'text/html',
    ],
    [
      'a name of no encoding',
      Buffer.from('<meta charset="none"><p>café</p>'),
      'text/html; charset=x-y',
    ],
    [
      'the header before the page',
      latin1('<meta charset="utf-8"><p>caf\xe9</p>'),
      'text/html; charset=latin1',
    ],
    [
      'a byte order mark before the header',
      Buffer.from('\ufeff<p>café</p>'),
      'text/html; charset=latin1',
    ],
    ['UTF-16 with a mark', utf16('\ufeff<p>café</p>'), 'text/html'],
    ['UTF-16, big endian', utf16('\ufeff<p>café</p>').swap16(), 'text/html; charset=utf-8'],
    ['UTF-16 by its header', utf16('café'), 'text/plain; charset=utf-16'],
    ['UTF-16 by its first character', utf16('<p>café</p>'), 'text/html'],
  ])('reads text whose encoding is said by %s', async (_, body, contentType) => {
    expect(await toText(body, contentType)).toBe('café');
  });

  it('reads XML by its declaration', async () => {
    const xml = '<?xml version="1.0" encoding="ISO-8859-1"?><a>caf\xe9</a>';
    expect(await toText(latin1(xml), 'application/xml')).toContain('<a>café</a>');
  });

  it('still takes what has zero bytes for no text', async () => {
    await expect(toText(Buffer.from('a\0b'), 'text/plain')).rejects.toThrow('is not text');
    await expect(toText(utf16('\ufeffa\0'), 'text/plain')).rejects.toThrow('is not text');
  });
});
