import { parseDuration, parseReset } from './parse-retry-after.ts';
import { toRecord, toRecords, toText } from './read-json.ts';

export interface ErrorReport {
  /** Its codes and types, lower case. */
  codes: string[];
  message: string;
  /** Some routers put the status of the server behind them into the body. */
  status: number | undefined;
  /** How long the server asks to wait. */
  retryAfterMs: number | undefined;
}

const EMPTY_WORDS = /^provider returned error\b/i;
const WAIT = /(?:try|retry)(?:ing)?(?: again)? (?:in|after) ([\d.]+ ?[a-z]+(?: ?[\d.]+ ?[a-z]+)*)/i;

/** The facts in the body of a failure: parsed JSON of any shape, or text. */
export function readErrorBody(body: unknown, nowMs: number): ErrorReport {
  const own = readOwn(body, nowMs);
  const behind = behindOf(own.text, body);
  const inner = behind === undefined ? undefined : readOwn(behind, nowMs);
  const text = inner?.text === undefined || isMarkup(inner.text) ? own.text : inner.text;
  const message = text === undefined || isMarkup(text) ? '' : text.trim();
  const waitMs = parseDuration(WAIT.exec(message)?.[1] ?? '');
  return {
    codes: [...own.codes, ...(inner?.codes ?? [])],
    message,
    status: own.status ?? inner?.status,
    retryAfterMs: own.retryAfterMs ?? inner?.retryAfterMs ?? waitMs,
  };
}

function readOwn(body: unknown, nowMs: number) {
  const { outer, inner, metadata } = partsOf(body);
  const text = [inner.message, outer.error, outer.message, outer.detail, body].find(
    (candidate) => typeof candidate === 'string',
  );
  const details = toRecords(inner.details);
  const quotas = details.flatMap(({ violations }) => toRecords(violations));
  const codes = [
    ...[inner.type, inner.code, inner.status, toRecord(inner.innererror).code, outer.type],
    ...[outer.code, metadata.error_type, ...details.map(({ reason }) => reason)],
    ...quotas.map(({ quotaId }) => quotaId),
  ];
  const headers = toRecord(metadata.headers);
  const delay = details.map(({ retryDelay }) => parseDuration(toText(retryDelay)));
  return {
    text,
    codes: codes.filter((code) => typeof code === 'string').map((code) => code.toLowerCase()),
    status: [inner.code, outer.code].map(Number).find((number) => isStatus(number)),
    retryAfterMs:
      delay.find((wait) => wait !== undefined) ??
      parseReset(toText(headers['X-RateLimit-Reset']), nowMs),
  };
}

/** The error of the server behind a router: the message contains its JSON, or is useless. */
function behindOf(text: string | undefined, body: unknown): unknown {
  if (text === undefined) return undefined;
  const { metadata } = partsOf(body);
  const said = EMPTY_WORDS.test(text) ? toText(metadata.raw) : text;
  if (said.trimStart().startsWith('{')) {
    try {
      return JSON.parse(said) as unknown;
    } catch {
      return undefined;
    }
  }
  return said === text || said === '' ? undefined : said;
}

function partsOf(body: unknown) {
  const outer = toRecord(Array.isArray(body) ? body[0] : body);
  const inner = toRecord(outer.error);
  return { outer, inner, metadata: toRecord(inner.metadata) };
}

function isStatus(value: number): boolean {
  return Number.isInteger(value) && value >= 400 && value < 600;
}

/** The error page of a gateway does not help the reader. */
function isMarkup(text: string): boolean {
  return text.trimStart().startsWith('<');
}
