import { describe, expect, it } from '@jest/globals';
import { redactPasswords, redactSecrets } from './redact-secrets.ts';

const body = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0';

describe('redactPasswords', () => {
  it.each([
    ['see postgres://me:pass@host/db now', 'see postgres://me:[redacted]@host/db now'],
    ['postgresql://me:a/b@c d@host/db?x=1', 'postgresql://me:[redacted]@host/db?x=1'],
    ['/home/me/postgres:/me:pass@host', '/home/me/postgres:/me:[redacted]@host'],
    ['postgres://me@host/db?password=pass&x=1', 'postgres://me@host/db?password=[redacted]&x=1'],
    ['https://me:pass@host', 'https://me:[redacted]@host'],
  ])('redacts the password in %s', (text, redacted) => {
    expect(redactPasswords(text)).toBe(redacted);
  });

  it('leaves addresses without a password and other words alone', () => {
    const text =
      'postgres://me@host:5432/db https://host:80/@a sqlite:/x.db OPENAI_API_KEY=your-own-key';
    expect(redactPasswords(text)).toBe(text);
  });
});

describe('redactSecrets', () => {
  it.each([
    `sk-${body}`,
    `sk-ant-api03-${body}`,
    `sk-proj-${body}`,
    `gsk_${body}`,
    `xai-${body}`,
    `AIza${body.slice(0, 35)}`,
    `ghp_${body.slice(0, 36)}`,
    `github_pat_${body}`,
    `glpat-${body.slice(0, 20)}`,
    `npm_${body.slice(0, 36)}`,
    `xoxb-${body}`,
    `sk_live_${body}`,
    `AKIA${body.slice(0, 16).toUpperCase()}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${body}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----`,
  ])('redacts %s alone and within text', (secret) => {
    expect(redactSecrets(secret)).toBe('[redacted]');
    expect(redactSecrets(`before ${secret} after`)).toBe('before [redacted] after');
  });

  it.each([
    ['Authorization: Bearer abcdefgh12345', 'Authorization: Bearer [redacted]'],
    ['{"x-api-key":"abcdefgh12345"}', '{"x-api-key":"[redacted]"}'],
    ['MY_API_KEY=abcdefgh12345', 'MY_API_KEY=[redacted]'],
    ['postgres://me:pass@host/db', 'postgres://me:[redacted]@host/db'],
    ['https://host/?token=abcdefgh12345&x=1', 'https://host/?token=[redacted]&x=1'],
  ])('keeps what stands around the secret in %s', (text, redacted) => {
    expect(redactSecrets(text)).toBe(redacted);
  });

  it('redacts what is known to be a secret, whatever it looks like', () => {
    expect(redactSecrets('it is correct horse', ['correct horse'])).toBe('it is [redacted]');
  });

  it('leaves prose and code alone', () => {
    const text = 'The token count is 12. const maxTokens = 4096; sk-learn; a@b.c; x://y';
    expect(redactSecrets(text, ['', 'is'])).toBe(text);
  });
});
