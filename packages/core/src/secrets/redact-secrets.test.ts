import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redactPasswords } from './redact-passwords.ts';
import { redactSecrets } from './redact-secrets.ts';

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

  it('keeps addresses without a password and other words', () => {
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
  ])('keeps the text around the secret in %s', (text, redacted) => {
    expect(redactSecrets(text)).toBe(redacted);
  });

  it('redacts known secrets, whatever they look like', () => {
    expect(redactSecrets('it is correct horse', ['correct horse'])).toBe('it is [redacted]');
  });

  it('keeps prose and code', () => {
    const text = 'The token count is 12. const maxTokens = 4096; sk-learn; a@b.c; x://y';
    expect(redactSecrets(text, ['', 'is'])).toBe(text);
  });

  const letters = (alphabet: string, minLength: number, maxLength: number) =>
    fc
      .array(fc.constantFrom(...Array.from(alphabet)), { minLength, maxLength })
      .map((signs) => signs.join(''));
  const keywords = [
    'SECRET',
    'token',
    'passwd',
    'Password',
    'pwd',
    'passphrase',
    'credential',
  ].concat(['apiKey', 'api_key', 'access-key', 'ACCOUNT_KEY', 'private_key', 'signingKey']);

  it('redacts the value of every name that contains a keyword, in every notation', () => {
    const notations: ((name: string, value: string) => string)[] = [
      (name, value) => `${name}=${value}`,
      (name, value) => `${name}: ${value}`,
      (name, value) => `export ${name}="${value}"`,
      (name, value) => JSON.stringify({ [name]: value }),
      (name, value) => JSON.stringify(JSON.stringify({ [name]: value })),
      (name, value) => `curl "https://host/?a=1&${name}=${value}&b=2"`,
      (name, value) => `'${name}' => '${value}',`,
      (name, value) => `<${name}>${value}</${name}>`,
    ];
    fc.assert(
      fc.property(
        letters('abXY_', 0, 5),
        fc.constantFrom(...keywords),
        letters('PROD_19', 0, 6),
        letters('aB3xY7kQ_-./+=', 12, 40),
        fc.constantFrom(...notations),
        fc.string(),
        (before, keyword, after, value, notation, text) => {
          const secret = `k9${value}`;
          const name = `${before && `${before}_`}${keyword}${after && `_${after}`}`;
          const redacted = redactSecrets(`${text}\n${notation(name, secret)}\n${text}`);
          expect(redacted).not.toContain(secret.slice(0, 10));
        },
      ),
    );
  });

  const fragments = [...keywords, ...Array.from('=:"\'`\\${}<>-_./@&;,~*() \n0a')];
  fragments.push('eyJ', 'eyJaaaaaaaaaa', 'sk-', 'SG.', 'dp.pt.', '://', 'u:', 'Authorization: ');
  fragments.push(
    'Bearer ',
    'Digest x=',
    'cookie: ',
    'curl -u ',
    'mysql -',
    'login ',
    'value',
    ' is ',
  );
  fragments.push(
    '-----BEGIN PRIVATE KEY-----',
    '-----END ',
    'postgres://',
    '[redacted]',
    'PWD=',
    'your-',
  );

  it('is idempotent', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...fragments, 'k9aB3xY7kQ1234'), { maxLength: 30 }),
        (some) => {
          const once = redactSecrets(some.join(''));
          expect(redactSecrets(once)).toBe(once);
        },
      ),
    );
  });

  // In quadratic time, one of these texts would take minutes.
  it('handles long repetitive texts completely', () => {
    const read = (unit: string) => redactSecrets(unit.repeat(200_000 / unit.length)).length;
    for (const fragment of fragments) expect(read(fragment)).toBeGreaterThan(0);
    const some = fc.array(fc.constantFrom(...fragments), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(some, (parts) => read(parts.join('')) > 0),
      { numRuns: 30 },
    );
  }, 60_000);
});
