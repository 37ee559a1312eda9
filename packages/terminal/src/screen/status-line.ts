import { useScreen } from './screen-user.ts';
import { truncateToWidth } from '../text/width.ts';

/** The part of a stream that a temporary line needs. */
export interface StatusTerminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** One line on a terminal that is replaced by the next one; nothing at all on another stream. */
interface StatusLine {
  show(text: string): void;
  /** Removes the line; another one may follow. */
  clear(): void;
}

const eraseLine = '\r\u001b[2K';
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

export function createStatusLine(terminal: StatusTerminal, isPlain = false): StatusLine {
  const isShowable = terminal.isTTY === true && !isPlain;
  let shown = '';
  let release: (() => void) | undefined;

  const clear = () => {
    if (shown === '') return;
    shown = '';
    release?.();
    terminal.write(eraseLine + showCursor);
  };

  return {
    show(text) {
      if (!isShowable) return;
      const next = truncateToWidth(text, (terminal.columns ?? 80) - 1);
      if (next === shown) return;
      if (shown === '') release = useScreen({ leave: clear });
      terminal.write((shown === '' ? hideCursor : '') + eraseLine + next);
      shown = next;
    },
    clear,
  };
}
