import { describe, expect, it } from '@jest/globals';
import { redact } from './redact.ts';

describe('redact', () => {
  it('strikes out every secret, wherever it stands', () => {
    expect(redact('key abc.defghi, again abc.defghi!', ['abc.defghi'])).toBe(
      'key [redacted], again [redacted]!',
    );
  });

  it('strikes out what looks like a key, also one that the server shortened', () => {
    expect(redact('Incorrect API key provided: sk-proj-****wxyz.', [])).not.toContain('wxyz');
  });

  it('leaves words alone, though a secret is empty or as short as a word', () => {
    expect(redact('ask a task of me', ['', 'ask'])).toBe('ask a task of me');
  });
});
