/** Values that the storage did not take, because it is full or forbidden: they last as long as the page. */
const memory = new Map<string, string>();
const PREFIX = 'synapse.';

export function readStored(name: string): string | null {
  const kept = memory.get(name);
  if (kept !== undefined) return kept;
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Null removes it. */
export function writeStored(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
    memory.delete(name);
  } catch {
    if (value === null) memory.delete(name);
    else memory.set(name, value);
  }
}

/** Calls back with a value that another tab has changed, null if it was removed. */
export function onStored(name: string, listener: (value: string | null) => void): () => void {
  const hear = ({ key, newValue }: StorageEvent) => {
    if (key === PREFIX + name) listener(newValue);
    else if (key === null) listener(null);
  };
  window.addEventListener('storage', hear);
  return () => window.removeEventListener('storage', hear);
}
