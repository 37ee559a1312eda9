import { toSafeText } from '../text/safe-text.ts';
import { truncateToWidth, widthOf } from '../text/width.ts';
import { createStatusLine, type StatusTerminal } from './status-line.ts';

/** Spins during a wait, on stderr and only on a terminal. */
export interface Spinner {
  /** The seconds count from here, unless it spins with this text already. */
  start(text: string): void;
  /** Leaves no trace, the cursor included; may be called twice. */
  stop(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 250;

export interface SpinnerOptions {
  readonly terminal: StatusTerminal;
  /** TERM=dumb: nothing may move. */
  readonly isPlain?: boolean;
  /** What follows the seconds; the last one is left out first on a narrow terminal. */
  readonly details?: () => readonly string[];
}

export function createSpinner({
  terminal,
  isPlain = false,
  details = () => [],
}: SpinnerOptions): Spinner {
  const line = createStatusLine(terminal, isPlain);
  let timer: NodeJS.Timeout | undefined;
  let label = '';
  let sinceMs = 0;
  let frame = 0;

  const draw = () => {
    const seconds = Math.floor((performance.now() - sinceMs) / 1000);
    const more = [...(seconds > 0 ? [`${seconds} s`] : []), ...details()];
    line.show(
      `${frames[frame % frames.length] ?? ''} ${fit(label, more, (terminal.columns ?? 80) - 3)}`,
    );
    frame += 1;
  };

  return {
    start(text) {
      const next = toSafeText(text).replaceAll(/\s+/g, ' ');
      if (next !== label || timer === undefined) sinceMs = performance.now();
      label = next;
      draw();
      if (terminal.isTTY === true && !isPlain) timer ??= setInterval(draw, frameMs).unref();
    },

    stop() {
      clearInterval(timer);
      timer = undefined;
      line.clear();
    },
  };
}

/** The details go before the label is cut, but for the first one. */
function fit(label: string, details: readonly string[], columns: number): string {
  let tail = details;
  const suffix = () => tail.map((detail) => ` · ${detail}`).join('');
  while (tail.length > 1 && widthOf(label + suffix()) > columns) tail = tail.slice(0, -1);
  return truncateToWidth(label, Math.max(1, columns - widthOf(suffix()))) + suffix();
}
