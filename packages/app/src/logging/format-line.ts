const names: Record<number, string> = { 20: 'debug', 30: 'info ', 40: 'warn ', 50: 'error' };

/** A line of JSON as people read it: time, level, message, then the fields. */
export function formatLine(line: string): string {
  const { time, level, msg, pid, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  return `${String(time)} ${names[Number(level)] ?? String(level)} [${String(pid)}] ${String(msg)}${rest.join('')}\n`;
}
