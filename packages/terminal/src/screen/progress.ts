import { toBar } from '../text/bar.ts';
import { toSafeText } from '../text/safe-text.ts';
import { createStatusLine, type StatusTerminal } from './status-line.ts';
import { padToWidth } from '../text/width.ts';

/** How far a long command has come, on one line of stderr and only on a terminal. */
export interface Progress {
  /** Without a total, only the finished part is counted. `detail` follows at the end of the line. */
  update(done: number, total?: number, detail?: string): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly label: string;
  /** Formats a count of things. */
  readonly format: (count: number) => string;
  readonly terminal: StatusTerminal;
  /** TERM=dumb: nothing may move. */
  readonly isPlain?: boolean;
}

const barColumns = 24;

export function createProgress({
  label,
  format,
  terminal,
  isPlain = false,
}: ProgressOptions): Progress {
  const line = createStatusLine(terminal, isPlain);
  const name = toSafeText(label).replaceAll(/\s+/g, ' ');

  return {
    update(done, total, detail = '') {
      if (total === undefined || total <= 0) {
        line.show(`${name} ${format(done)}`);
        return;
      }
      const percent = Math.min(100, Math.floor((done / total) * 100));
      const bar = padToWidth(toBar(done, total, barColumns), barColumns);
      line.show(`${name} ▕${bar}▏ ${percent} % (${format(done)} of ${format(total)})${detail}`);
    },

    stop: () => line.clear(),
  };
}
