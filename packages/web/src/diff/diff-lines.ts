/** A line of a unified diff; `words` says what changed in it, if it has a counterpart. */
export interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'place';
  text: string;
  words: readonly Word[] | null;
}

export interface Word {
  text: string;
  isChanged: boolean;
}

/** Longer lines are compared as a whole only. */
const mostWords = 400;

/** Undefined if the text is no unified diff. */
export function readDiff(text: string): DiffLine[] | undefined {
  const start = text.search(/^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/m);
  if (start < 0 || !/^--- .*\n\+\+\+ /m.test(text.slice(0, start))) return undefined;
  const lines = text.slice(start).replace(/\n$/, '').split('\n').map(toLine);
  return markWords(lines);
}

function toLine(line: string): DiffLine {
  const [sign] = line;
  if (line.startsWith('@@') || sign === '\\') return { kind: 'place', text: line, words: null };
  const kind = sign === '+' ? 'added' : sign === '-' ? 'removed' : 'same';
  return { kind, text: line.slice(1), words: null };
}

/** Pairs the removed lines of a change with the added ones after them, in their order. */
function markWords(lines: readonly DiffLine[]): DiffLine[] {
  const marked = [...lines];
  for (let index = 0; index < marked.length;) {
    const removed = countOf(marked, index, 'removed');
    const added = countOf(marked, index + removed, 'added');
    for (let pair = 0; pair < Math.min(removed, added); pair += 1) {
      const before = marked[index + pair];
      const after = marked[index + removed + pair];
      const words = before && after && compareWords(before.text, after.text);
      if (!words) continue;
      marked[index + pair] = { ...before, words: words.before };
      marked[index + removed + pair] = { ...after, words: words.after };
    }
    index += Math.max(removed + added, 1);
  }
  return marked;
}

function countOf(lines: readonly DiffLine[], from: number, kind: DiffLine['kind']): number {
  let end = from;
  while (lines[end]?.kind === kind) end += 1;
  return end - from;
}

/** The words of both lines; undefined if the lines have nothing but white space in common. */
function compareWords(before: string, after: string) {
  const old = toWords(before);
  const now = toWords(after);
  if (old.length > mostWords || now.length > mostWords) return undefined;
  const kept = longestCommon(old, now);
  if (![...kept.values()].some((at) => (now[at] ?? '').trim() !== '')) return undefined;
  const keptNow = new Set(kept.values());
  return {
    before: join(old.map((text, at) => ({ text, isChanged: !kept.has(at) }))),
    after: join(now.map((text, at) => ({ text, isChanged: !keptNow.has(at) }))),
  };
}

function toWords(line: string): string[] {
  return line.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

/** The places of the longest common sequence: those in `old`, each with its place in `now`. */
function longestCommon(old: readonly string[], now: readonly string[]): Map<number, number> {
  const width = now.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const down = lengths[(i + 1) * width + j] ?? 0;
      const right = lengths[i * width + j + 1] ?? 0;
      const both = (lengths[(i + 1) * width + j + 1] ?? 0) + 1;
      lengths[i * width + j] = old[i] === now[j] ? both : Math.max(down, right);
    }
  }
  const places = new Map<number, number>();
  for (let i = 0, j = 0; i < old.length && j < now.length;) {
    if (old[i] === now[j]) places.set(i++, j++);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return places;
}

/** Neighbours of one kind as one word. */
function join(words: readonly Word[]): Word[] {
  const joined: Word[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last?.isChanged === word.isChanged) last.text += word.text;
    else joined.push({ ...word });
  }
  return joined;
}
