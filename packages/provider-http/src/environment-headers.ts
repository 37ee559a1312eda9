/**
 * Removes the headers that an SDK adds from an environment variable: they are meant for the vendor,
 * and this provider may be another one.
 */
export function environmentHeaders(variable: string): Record<string, null> {
  // eslint-disable-next-line no-restricted-properties -- The SDK reads this very variable by itself.
  const lines = (process.env[variable] ?? '').split('\n');
  const names = lines.map((line) => line.split(':', 1)[0]?.trim() ?? '');
  return Object.fromEntries(names.filter((name) => name !== '').map((name) => [name, null]));
}
