import { clipText } from './clip-text.ts';
import { textOf, type Part } from './part.ts';

const TITLE_LENGTH = 60;
const PREVIEW_LENGTH = 120;

/** A title from the first prompt, before any model is asked; null if it has no text. */
export function titleFrom(text: string): string | null {
  return clipText(text, TITLE_LENGTH) || null;
}

export function previewFrom(parts: readonly Part[]): string | null {
  const own = parts.filter((part) => part.type === 'text' && !part.isInjected);
  return clipText(textOf(own), PREVIEW_LENGTH) || null;
}
