import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { ConfigError } from '@synapse/core';

const MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof MODES)[number];

const PARAMETERS = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword'] as const;
type Parameter = (typeof PARAMETERS)[number];
type Given = Partial<Record<Parameter, string>>;

export interface Tls {
  /** The address without its TLS parameters. */
  url: string;
  /** For pg; undefined if the address has no TLS parameters. */
  ssl: ConnectionOptions | false | undefined;
}

/**
 * The TLS parameters of an address, with PostgreSQL's meaning. pg's meaning differs between
 * versions, and pg prints warnings about it. `prefer` means `require`, so that nobody on the
 * network can force an unencrypted connection.
 */
export function tlsOf(address: string): Tls {
  const url = new URL(address);
  const given: Given = {};
  for (const name of PARAMETERS) {
    const value = url.searchParams.get(name);
    if (value !== null) given[name] = value;
    url.searchParams.delete(name);
  }
  url.searchParams.delete('uselibpqcompat');
  const mode = modeOf(given);
  if (mode === undefined) return { url: url.href, ssl: undefined };
  return { url: url.href, ssl: mode !== 'disable' && optionsOf(mode, given) };
}

function modeOf({ ssl, sslmode, sslrootcert }: Given) {
  if (sslmode === undefined) {
    if (ssl === 'false' || ssl === '0') return 'disable';
    return ssl !== undefined || sslrootcert !== undefined ? 'verify-full' : undefined;
  }
  const mode = sslmode === 'no-verify' ? 'require' : MODES.find((known) => known === sslmode);
  if (mode === undefined) {
    throw new ConfigError(
      `The address of the PostgreSQL database has an unknown sslmode: ${sslmode}`,
      { hint: `sslmode is one of ${MODES.join(', ')}.` },
    );
  }
  // As in PostgreSQL: a named authority must be checked; the system's authorities only vouch for
  // names.
  if (sslrootcert === 'system') return 'verify-full';
  return mode === 'require' && sslrootcert !== undefined ? 'verify-ca' : mode;
}

function optionsOf(mode: Mode, given: Given): ConnectionOptions {
  const { sslrootcert, sslpassword } = given;
  if (mode === 'verify-ca' && sslrootcert === undefined) {
    throw new ConfigError('sslmode=verify-ca needs the certificate of an authority.', {
      hint: 'Name the file of the certificate with sslrootcert, or use sslmode=verify-full.',
    });
  }
  return {
    ...(sslrootcert !== undefined &&
      sslrootcert !== 'system' && { ca: read('sslrootcert', given) }),
    ...(given.sslcert !== undefined && { cert: read('sslcert', given) }),
    ...(given.sslkey !== undefined && { key: read('sslkey', given) }),
    ...(sslpassword !== undefined && { passphrase: sslpassword }),
    ...((mode === 'prefer' || mode === 'require') && { rejectUnauthorized: false }),
    ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  };
}

function read(name: Parameter, given: Given): string {
  const path = given[name] ?? '';
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`The file ${path} that ${name} names can't be read (${code}).`, {
      hint: 'Correct the address of the database.',
      cause,
    });
  }
}
