import { InvalidDataError } from '@synapse/core';
import { withinTime } from '../within-time.ts';

/** An ordinary page takes a hundredth of this time. */
const TIMEOUT_MS = 3000;
const MAX_HTML_CHARACTERS = 2_000_000;

/** A response's text: a page as Markdown, anything else that is text as it is. */
export async function toText(body: Buffer, contentType: string): Promise<string> {
  const [mediaType = ''] = contentType.toLowerCase().split(';');
  const isText =
    mediaType === '' ||
    /^(text\/|application\/(.*\+)?(json|xml|javascript|ecmascript|yaml|toml|x-www-form-urlencoded|x-ndjson)\s*$)|\+xml$|\+json$/.test(
      mediaType.trim(),
    );
  const isHtml = mediaType.includes('html');
  const text = isText ? decode(body, contentType, isHtml) : undefined;
  if (text === undefined || text.slice(0, 8192).includes('\0')) {
    throw new InvalidDataError(`The response is not text: ${contentType}, ${body.length} bytes.`);
  }
  return isHtml && text.length <= MAX_HTML_CHARACTERS ? htmlToMarkdown(text) : text;
}

/** As in browsers: a byte order mark wins, then the header, then the declaration in the page. */
function decode(body: Buffer, contentType: string, isHtml: boolean): string {
  const charsets = [
    charsetOfMark(body),
    /charset\s*=\s*["']?([\w:.-]+)/i.exec(contentType)?.[1],
    charsetInText(body.subarray(0, 4096).toString('latin1'), isHtml),
  ];
  for (const charset of charsets) {
    try {
      if (charset !== undefined) return new TextDecoder(charset).decode(body);
    } catch {
      // No encoding has this name: the next one counts.
    }
  }
  return new TextDecoder().decode(body);
}

function charsetOfMark(body: Buffer): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  // Without a mark, the first character of a page or of XML shows which byte of two comes first.
  if ((body[0] === 0xff && body[1] === 0xfe) || (body[0] === 0x3c && body[1] === 0)) {
    return 'utf-16le';
  }
  const isBigEndian = (body[0] === 0xfe && body[1] === 0xff) || (body[0] === 0 && body[1] === 0x3c);
  return isBigEndian ? 'utf-16be' : undefined;
}

/** From the XML declaration or, in a page, the meta element. */
function charsetInText(start: string, isHtml: boolean): string | undefined {
  const declared = /^\s*<\?xml[^>]{1,200}?encoding\s*=\s*["']([\w:.-]+)/.exec(start)?.[1];
  const meta = /<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([\w:.-]+)/i;
  const named =
    declared ?? (isHtml ? meta.exec(start.replace(/<!--[^]*?-->/g, ''))?.[1] : undefined);
  // A declaration of UTF-16 can't be true, because it could not have been read so far.
  return named !== undefined && /^utf-?16/i.test(named) ? 'utf-8' : named;
}

async function htmlToMarkdown(html: string): Promise<string> {
  const { default: TurndownService } = await import('turndown');
  const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced' });
  service.remove(['script', 'style', 'noscript', 'iframe', 'nav', 'template', 'object']);
  try {
    return withinTime(TIMEOUT_MS, () => service.turndown(html));
  } catch {
    // If a page is nested too deeply for the converter, its plain text is still useful.
    return html.replace(/<[^<>]*>/g, ' ');
  }
}
