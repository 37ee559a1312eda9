import { toSafeText } from '../text/safe-text.ts';

const tab = '    ';
const hidden = '\ufffd';
const plain = /^[ -~]$/;

/**
 * How one character of the input looks. What a terminal would hide or obey is marked instead, so
 * that nothing invisible gets into a prompt by a paste.
 */
export function toShownCharacter(grapheme: string): string {
  if (plain.test(grapheme)) return grapheme;
  if (grapheme === '\t') return tab;
  const safe = toSafeText(grapheme);
  return safe.length < grapheme.length ? safe + hidden : safe;
}
