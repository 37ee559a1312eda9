/**
 * Takes back the headers that an SDK adds by itself from a variable of the environment: they were
 * meant for the vendor, and a provider may be somebody else.
 */
export function environmentHeaders(variable: string): Record<string, null> {
  // eslint-disable-next-line no-restricted-properties -- The SDK reads this very variable by itself.
  const lines = (process.env[variable] ?? '').split('\n');
  const names = lines.map((line) => line.split(':', 1)[0]?.trim() ?? '');
  return Object.fromEntries(names.filter((name) => name !== '').map((name) => [name, null]));
}
