import { widthOf } from './width.ts';
import { foldText } from './wrap.ts';

/** Text that arrives in pieces, in lines of at most so many columns. */
export interface WordStream {
  /** What can be shown now: a word is held back until it is complete. */
  push(text: string): string;
  flush(): string;
}

/** Scripts without spaces break anywhere, and so each of their characters is a word. */
const pieces =
  /\n|[ \t]+|[\u2e80-\u9fff\uac00-\ud7a3\uff01-\uff60]|[^ \t\n\u2e80-\u9fff\uac00-\ud7a3\uff01-\uff60]+/gu;

export function createWordStream(columns: () => number): WordStream {
  let width = 0;
  let gap = '';
  let word = '';

  const takeWord = (): string => {
    if (word === '') return '';
    const most = columns();
    const fits = width + gap.length + widthOf(word) <= most;
    const lead = fits ? gap : width > 0 ? '\n' : '';
    width = fits ? width + gap.length : 0;
    const rows = foldText(word, Math.max(1, most));
    width = rows.length === 1 ? width + widthOf(word) : widthOf(rows.at(-1) ?? '');
    word = gap = '';
    return lead + rows.join('\n');
  };

  return {
    push(text) {
      let shown = '';
      for (const [piece] of text.matchAll(pieces)) {
        if (piece === '\n') {
          shown += `${takeWord()}\n`;
          width = 0;
          gap = '';
        } else if (/^[ \t]/.test(piece)) {
          shown += takeWord();
          gap += piece.replaceAll('\t', ' ');
        } else {
          if (/^[\u2e80-\u9fff\uac00-\ud7a3\uff01-\uff60]/u.test(piece)) shown += takeWord();
          word += piece;
        }
      }
      return shown;
    },
    flush: takeWord,
  };
}
