// Longer than any sequence of marks on one letter.
const LOOK_BACK = 128;

let segmenter: Intl.Segmenter | undefined;

/** The nearest boundary between two visible characters at or before `at`. */
export function snapDown(text: string, at: number): number {
  return graphemeAt(text, at).start;
}

/** The nearest such boundary at or after `at`. */
export function snapUp(text: string, at: number): number {
  const { start, end } = graphemeAt(text, at);
  return start === at ? at : end;
}

function graphemeAt(text: string, at: number): { start: number; end: number } {
  if (at <= 0) return { start: 0, end: 0 };
  if (at >= text.length) return { start: text.length, end: text.length };
  const from = Math.max(0, at - LOOK_BACK);
  segmenter ??= new Intl.Segmenter();
  const found = segmenter.segment(text.slice(from, at + LOOK_BACK)).containing(at - from);
  const start = from + (found?.index ?? 0);
  return { start, end: start + (found?.segment.length ?? 0) };
}
