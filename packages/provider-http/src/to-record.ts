/** A value from a server, as a record for looking up fields; empty for anything but an object. */
export function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Empty for anything but a string. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Empty for anything but a list; entries that are not objects become empty ones. */
export function toRecords(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(toRecord) : [];
}
