/** Values of this browser. Storage may be full or forbidden: then they last as long as the page. */
const memory = new Map<string, string>();
const PREFIX = 'synapse.';

export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

/** Null removes it. */
export function writeStored(name: string, value: string | null): void {
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // It is in memory.
  }
}
