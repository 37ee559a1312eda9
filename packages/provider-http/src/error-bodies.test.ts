import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { fromErrorBody } from './from-error-body.ts';

/** What a provider or router answers with in trouble, and what Synapse makes of it. */
interface Row {
  from: string;
  /** Null where the failure comes in the middle of a stream. */
  status: number | null;
  reason: string;
  /** How long to wait before the same is asked again; null where that is no use. */
  wait: number | 'some time' | null;
  body: unknown;
}

const rows = readFileSync('test/fixtures/error-bodies.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

const context = { provider: 'double', secrets: [] };
const openai = (code: string | null, message: string): object => ({ error: { code, message } });
const router = (code: number, message: string, metadata: object): object => ({
  error: { message, code, metadata },
});

describe('fromErrorBody', () => {
  it.each(rows)('classifies $from, $status: $body as $reason', (row) => {
    const { status, reason, wait, body } = row;
    const failure = fromErrorBody({ body, status: status ?? undefined }, context);
    expect(failure).toMatchObject({ reason, isRetryable: wait !== null });
    if (wait !== null) expect(failure.retryAfterMs ?? 'some time').toBe(wait);
  });

  it('names the setting if max_tokens is too high', () => {
    const body = openai(null, 'max_tokens is too large: 9. This model supports at most 4.');
    const { hint } = fromErrorBody({ body, status: 400 }, context);
    expect(hint).toContain('max_tokens of [providers.double]');
  });

  it('reports a wait that is too long', () => {
    const body = openai('rate_limit_exceeded', 'Please try again in 57m36s.');
    expect(fromErrorBody({ body, status: 429 }, context).hint).toMatch(
      /^.* asks to wait 58 min\. /,
    );
  });

  it('shows the message of a server behind a router, without its JSON', () => {
    const raw = JSON.stringify({ error: { message: 'No room.', type: 'x' } });
    const body = router(503, 'Provider returned error', { raw });
    expect(fromErrorBody({ body, status: 503 }, context).message).toMatch(/: No room\.$/);
    const cut = router(503, 'Provider returned error', { raw: '{"error":' });
    expect(fromErrorBody({ body: cut, status: 503 }, context).message).toMatch(/returned error$/);
  });

  it('waits for the reset of a limit only if the server sends no retry-after', () => {
    const body = openai(null, 'Slow down.');
    const both = { body, status: 429, retryAfterMs: 2000, resetMs: 9000 };
    expect(fromErrorBody(both, context).retryAfterMs).toBe(2000);
    expect(fromErrorBody({ body, status: 429, resetMs: 9000 }, context).retryAfterMs).toBe(9000);
    const spent = openai('insufficient_quota', 'You exceeded your current quota.');
    expect(fromErrorBody({ body: spent, status: 429, resetMs: 9000 }, context)).toMatchObject({
      reason: 'quota',
      retryAfterMs: undefined,
    });
  });
});
