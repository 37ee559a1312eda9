import { describe, expect, it } from '@jest/globals';
import { redact } from './redact.ts';

describe('redact', () => {
  it('hides every secret, wherever it occurs', () => {
    expect(redact('key abc.defghi, again abc.defghi!', ['abc.defghi'])).toBe(
      'key [redacted], again [redacted]!',
    );
  });

  it('hides text that looks like a key, also one that the server shortened', () => {
    expect(redact('Incorrect API key provided: sk-proj-****wxyz.', [])).not.toContain('wxyz');
  });

  it('keeps words, even if a secret is empty or as short as a word', () => {
    expect(redact('ask a task of me', ['', 'ask'])).toBe('ask a task of me');
  });
});
