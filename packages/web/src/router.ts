import { computed, signal } from '@preact/signals';

/**
 * The views are in the fragment of the address: the server never sees which session is open, and
 * needs no other address than `/`.
 */
const hash = signal(location.hash);
window.addEventListener('hashchange', () => {
  hash.value = location.hash;
});

export interface Place {
  /** The words of the path: `['sessions', id]`. */
  path: string[];
  query: URLSearchParams;
}

export const place = computed((): Place => {
  const [path = '', query = ''] = hash.value.replace(/^#\/?/, '').split('?');
  return { path: path.split('/'), query: new URLSearchParams(query) };
});

export function go(path: string, { isReplacing = false } = {}): void {
  const address = `#${path}`;
  if (isReplacing) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  hash.value = address;
}

export function sessionPath(id: string, messageId?: string): string {
  return `/sessions/${id}${messageId === undefined ? '' : `?at=${messageId}`}`;
}
