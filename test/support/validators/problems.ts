import { illFormedText } from './ill-formed-text.ts';

/** What of a request body its API would refuse, in words. */
export class Problems {
  readonly found: string[];

  constructor(body: unknown) {
    this.found = illFormedText(body);
  }

  /** Returns whether it holds, so that what hangs on it can be left out. */
  check(holds: boolean, problem: string): boolean {
    if (!holds) this.found.push(problem);
    return holds;
  }
}

export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

export function isBase64(value: unknown): boolean {
  return isText(value) && /^[A-Za-z0-9+/]+={0,2}$/.test(value) && value.length % 4 === 0;
}

export function isDataUrl(value: unknown, mediaType: RegExp): boolean {
  const [, type = '', data = ''] = /^data:([^;,]*);base64,(.*)$/s.exec(String(value)) ?? [];
  return mediaType.test(type) && isBase64(data);
}

export function isJsonObject(text: unknown): boolean {
  try {
    return isRecord(JSON.parse(String(text)));
  } catch {
    return false;
  }
}

export const IMAGE_TYPE = /^image\/(png|jpeg|gif|webp)$/;
