export const MARK = '[redacted]';

/**
 * The positions of passwords in addresses. That of PostgreSQL may be no valid URL, because
 * characters in the password are not escaped: everything up to the last @ of the line is then the
 * password.
 */
const passwords: readonly RegExp[] = [
  /(\bpostgres(?:ql)?:\/{1,2}[^\s/:@]*:)[^\n"]+(?=@)/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi,
  /([?&](?:ssl)?password=)[^\s&"']+/gi,
];

/** Puts a mark in place of the passwords in addresses, and keeps everything else. */
export function redactPasswords(text: string): string {
  return passwords.reduce((redacted, place) => redacted.replace(place, `$1${MARK}`), text);
}
