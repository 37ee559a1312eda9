import { deflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { countPdfPages } from './count-pdf-pages.ts';

const page = '<< /Type /Page /Parent 2 0 R >>\n';
const tree = '<< /Type /Pages /Kids [] /Count 7 >>\n';
const packed = (objects: string, lineEnd = '\n') =>
  `<< /Type /ObjStm /Filter /FlateDecode >> stream${lineEnd}${deflateSync(objects).toString('latin1')}\nendstream\n`;
const count = (text: string) => countPdfPages(Buffer.from(text, 'latin1'));

describe('countPdfPages', () => {
  it.each([
    ['pages that are written out', `%PDF-1.4\n${tree}${page.repeat(3)}/Type/Page\n`, 4],
    [
      'pages in compressed objects',
      `%PDF-1.7\n${packed(tree)}${packed(page.repeat(5), '\r\n')}`,
      5,
    ],
    ['the count of the tree', `%PDF-1.7\n/Count 2\n${packed(tree)}`, 7],
    [
      'what can be read of a broken file',
      `%PDF-1.7\n${page}/ObjStm stream\nxx\nendstream\n/ObjStm`,
      1,
    ],
  ])('accepts %s', (_case, text, pages) => {
    expect(count(text)).toBe(pages);
  });

  it.each([
    ['encrypted objects', '%PDF-1.7\n/ObjStm stream\nsecret\nendstream'],
    ['another format', page],
    ['nothing', ''],
  ])('does not know the pages of %s', (_case, text) => {
    expect(count(text)).toBeNull();
  });

  it('unpacks no more than its memory limit', () => {
    const bomb = packed(`${page}${' '.repeat(20 * 1024 * 1024)}`);
    expect(count(`%PDF-1.7\n/Count 3\n${bomb}`)).toBe(3);
  });
});
