/** Finds the characters of a text as a reader sees them; opened at its first use, which takes 10 ms. */
export function lazySegmenter(): () => Intl.Segmenter {
  let segmenter: Intl.Segmenter | undefined;
  return () => (segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' }));
}
