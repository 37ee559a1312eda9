import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { tlsOf } from './tls-of.ts';

const folder = temporaryFolder();
const file = join(folder, 'some.pem');
writeFileSync(file, 'PEM');

const sslOf = (query: string) => tlsOf(`postgresql://ada:secret@db.example/notes?${query}`).ssl;

describe('what an address says about TLS', () => {
  it.each([
    ['application_name=x', undefined],
    ['sslmode=disable', false],
    ['ssl=false', false],
    ['sslmode=prefer', { rejectUnauthorized: false }],
    ['sslmode=require', { rejectUnauthorized: false }],
    ['sslmode=no-verify', { rejectUnauthorized: false }],
    ['sslmode=require&uselibpqcompat=true', { rejectUnauthorized: false }],
    ['sslmode=verify-full', {}],
    ['ssl=true', {}],
    [`sslrootcert=${file}`, { ca: 'PEM' }],
    ['sslmode=require&sslrootcert=system', {}],
    [`sslmode=verify-full&sslrootcert=${file}`, { ca: 'PEM' }],
    [
      `sslmode=verify-full&sslcert=${file}&sslkey=${file}&sslpassword=x`,
      { cert: 'PEM', key: 'PEM', passphrase: 'x' },
    ],
  ])('%s is %j', (query, expected) => {
    expect(sslOf(query)).toEqual(expected);
  });

  it.each([`sslmode=verify-ca&sslrootcert=${file}`, `sslmode=require&sslrootcert=${file}`])(
    '%s asks the authority, and not for the name',
    (query) => {
      const ssl = sslOf(query);
      expect(ssl).toEqual({ ca: 'PEM', checkServerIdentity: expect.any(Function) });
    },
  );

  it('is removed from the address, and nothing else', () => {
    const { url } = tlsOf(
      'postgresql://ada:p%40ss@db.example/notes?sslmode=require&options=-c%20a',
    );
    expect(url).toBe('postgresql://ada:p%40ss@db.example/notes?options=-c+a');
  });

  it.each([
    ['sslmode=allow', 'unknown sslmode: allow'],
    ['sslmode=', 'unknown sslmode'],
    ['sslmode=verify-ca', 'needs the certificate of an authority'],
    ['sslmode=verify-full&sslrootcert=/nowhere/ca.pem', '/nowhere/ca.pem that sslrootcert names'],
  ])('is rejected if it is %s, without showing the password', (query, message) => {
    expect(() => sslOf(query)).toThrow(message);
    expect(() => sslOf(query)).not.toThrow('secret');
  });
});
