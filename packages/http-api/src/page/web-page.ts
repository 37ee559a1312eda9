import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of the page, as the build lists it in `page.json`. */
interface PageFile {
  /** `/` for the shell; every other address names its content by a hash. */
  path: string;
  /** The name in the folder; with `.br` and `.gz`, that of a compressed form. */
  name: string;
  type: string;
  /** Hash of the content. */
  tag: string;
}

const FOR_EVER = 'public, max-age=31536000, immutable';
/** Only what comes from here runs, and no other server hears of a reader: images are bytes that the page has fetched. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/**
 * The files of the page. They contain nothing of the store, so they need no token; the page asks for
 * everything else with one.
 */
export class WebPage {
  readonly #folder: string;
  readonly #files: ReadonlyMap<string, PageFile>;

  private constructor(folder: string, files: readonly PageFile[]) {
    this.#folder = folder;
    this.#files = new Map(files.map((file) => [file.path, file]));
  }

  static async open(folder: string): Promise<WebPage> {
    const list = await readFile(join(folder, 'page.json'), 'utf8');
    return new WebPage(folder, JSON.parse(list) as PageFile[]);
  }

  /** Undefined if there is no such file, or if the request wants to change it. */
  async reply(method: string, path: string, headers: Headers): Promise<Response | undefined> {
    const file = this.#files.get(path);
    if (!file || (method !== 'GET' && method !== 'HEAD')) return undefined;
    const encoding = chooseEncoding(headers.get('accept-encoding') ?? '');
    const etag = `"${file.tag}${encoding ? `-${encoding}` : ''}"`;
    const common = {
      etag,
      vary: 'accept-encoding',
      'cache-control': path === '/' ? 'no-cache' : FOR_EVER,
      'content-security-policy': POLICY,
    };
    const known = headers.get('if-none-match')?.split(/, */) ?? [];
    if (known.includes(etag)) return new Response(null, { status: 304, headers: common });
    const name = encoding === null ? file.name : `${file.name}.${encoding}`;
    const bytes = await readFile(join(this.#folder, name));
    return new Response(method === 'HEAD' ? null : new Uint8Array(bytes), {
      status: 200,
      headers: {
        ...common,
        'content-type': file.type,
        'content-length': String(bytes.byteLength),
        ...(encoding !== null && { 'content-encoding': encoding === 'gz' ? 'gzip' : encoding }),
      },
    });
  }
}

/** The ending of the best form that the client takes; null for the plain one. */
function chooseEncoding(accepted: string): 'br' | 'gz' | null {
  const names = accepted
    .split(',')
    .filter((one) => !/;\s*q=0(\.0*)?\s*$/.test(one))
    .map((one) => one.split(';')[0]?.trim().toLowerCase());
  if (names.includes('br')) return 'br';
  return names.includes('gzip') ? 'gz' : null;
}
