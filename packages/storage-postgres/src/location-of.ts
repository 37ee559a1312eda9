import { ConfigError } from '@synapse/core';

const SECRET_PARAMETERS = ['password', 'sslpassword', 'sslkey', 'sslcert'];

/** The address as it may be shown: without a password, wherever it stood. */
export function locationOf(url: string): string {
  let location: URL;
  try {
    location = new URL(url);
  } catch {
    // The error of URL holds the whole text, and so the password: it is not passed on.
    throw new ConfigError('The address of the PostgreSQL database is not a URL.', {
      hint: 'Write it as postgresql://user:password@host:5432/database. In the password, write @ / # as %40 %2F %23.',
    });
  }
  location.password = '';
  for (const name of SECRET_PARAMETERS) location.searchParams.delete(name);
  return location.href;
}
