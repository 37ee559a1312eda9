import type { IncomingMessage } from 'node:http';
import { MinimalHeaders } from './minimal-headers.ts';
import { ResponseBody } from './response-body.ts';

const MAX_TEXT_BYTES = 64 * 1024 * 1024;
const MAX_EXPLANATION_BYTES = 64 * 1024;

/** The part of a fetch Response that the SDKs use. */
export class MinimalResponse {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: MinimalHeaders;
  readonly body: ResponseBody;

  constructor(url: URL, message: IncomingMessage, toFailure: (error: unknown) => unknown) {
    this.url = url.href;
    this.status = message.statusCode ?? 0;
    this.statusText = message.statusMessage ?? '';
    this.ok = this.status >= 200 && this.status < 300;
    this.headers = toHeaders(message.rawHeaders);
    this.body = new ResponseBody(message, toFailure);
  }

  /** The type of the content without its parameters, lower case. */
  get mediaType(): string {
    const [type = ''] = (this.headers.get('content-type') ?? '').split(';');
    return type.trim().toLowerCase();
  }

  async text(maxBytes: number = MAX_TEXT_BYTES): Promise<string> {
    const chunks: Uint8Array[] = [];
    let byteLength = 0;
    for await (const chunk of this.body) {
      chunks.push(chunk);
      byteLength += chunk.byteLength;
      if (byteLength > maxBytes) break;
    }
    return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
  }

  /**
   * The beginning of a document that was sent instead of an answer, as far as it arrives in time.
   */
  async explanation(limitMs: number): Promise<string> {
    const timer = setTimeout(() => this.body.destroy(), limitMs);
    try {
      return await this.text(MAX_EXPLANATION_BYTES);
    } finally {
      clearTimeout(timer);
    }
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

function toHeaders(rawHeaders: readonly string[]): MinimalHeaders {
  const headers = new MinimalHeaders();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}
