import * as v from 'valibot';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const LONGEST_NAME = 200;
const LONGEST_TITLE = 500;
const LONGEST_CURSOR = 2000;

// The fields that several routes take, with their limits.

export const id = (description: string) =>
  v.pipe(
    v.string(),
    v.regex(ID, 'Expected a UUID of version 7 in lower case'),
    v.description(description),
  );

export const sessionId = id('The id of the session.');

export const sha256 = v.pipe(
  v.string(),
  v.regex(SHA256, 'Expected 64 hexadecimal digits in lower case'),
  v.description('The SHA-256 hash of the bytes.'),
);

export const text = (description: string, longest = LONGEST_NAME) =>
  v.pipe(v.string(), v.maxLength(longest), v.description(description));

export const title = text('The title; empty for none.', LONGEST_TITLE);

export const flag = (description: string) => v.pipe(v.boolean(), v.description(description));

export const limit = v.optional(
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1),
    v.maxValue(500),
    v.description('The most items of a page.'),
  ),
  50,
);

export const cursor = v.optional(text('`nextCursor` of the page before.', LONGEST_CURSOR));

export const moment = (description: string) =>
  v.optional(
    text(`${description}: a day like 2026-01-31, a time, or an age like 12h, 7d, 2w, 3m, 1y.`, 40),
  );
