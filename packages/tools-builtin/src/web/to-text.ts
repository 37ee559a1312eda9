import { InvalidDataError } from '@synapse/core';
import { withinTime } from '../within-time.ts';

/** An ordinary page takes a hundredth of it. */
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
  if (!isText || body.subarray(0, 8192).includes(0)) {
    throw new InvalidDataError(`The response is no text: ${contentType}, ${body.length} bytes.`);
  }
  const text = decode(body, /charset="?([\w-]+)/i.exec(contentType)?.[1]);
  const isHtml = mediaType.includes('html') && text.length <= MAX_HTML_CHARACTERS;
  return isHtml ? htmlToMarkdown(text) : text;
}

function decode(body: Buffer, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

async function htmlToMarkdown(html: string): Promise<string> {
  const { default: TurndownService } = await import('turndown');
  const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced' });
  service.remove(['script', 'style', 'noscript', 'iframe', 'nav', 'template', 'object']);
  try {
    return withinTime(TIMEOUT_MS, () => service.turndown(html));
  } catch {
    // A page nested too deeply or too tangled for the converter is still worth its text.
    return html.replace(/<[^<>]*>/g, ' ');
  }
}
