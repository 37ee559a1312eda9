import { ConfigError } from '@synapse/core';

const SECRET_PARAMETERS = ['password', 'sslpassword', 'sslkey', 'sslcert'];

/** The address for display: without any password. */
export function locationOf(url: string): string {
  let location: URL;
  try {
    location = new URL(url);
  } catch {
    // The error of URL contains the whole text, including the password, so it is not passed on.
    throw new ConfigError('The address of the PostgreSQL database is not a URL.', {
      hint: 'Write it as postgresql://user:password@host:5432/database. In the password, write @ / # as %40 %2F %23.',
    });
  }
  location.password = '';
  for (const name of SECRET_PARAMETERS) location.searchParams.delete(name);
  return location.href;
}
