import { toSafeText } from '../text/safe-text.ts';
import { createStatusLine, type StatusTerminal } from './status-line.ts';

/** Spins during a wait, on stderr and only on a terminal. */
export interface Spinner {
  start(text: string): void;
  /** Leaves no trace, the cursor included; may be called twice. */
  stop(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 80;

export interface SpinnerOptions {
  readonly terminal: StatusTerminal;
  /** TERM=dumb: nothing may move. */
  readonly isPlain?: boolean;
}

export function createSpinner({ terminal, isPlain = false }: SpinnerOptions): Spinner {
  const line = createStatusLine(terminal, isPlain);
  let timer: NodeJS.Timeout | undefined;
  let label = '';
  let frame = 0;

  const draw = () => {
    line.show(`${frames[frame % frames.length] ?? ''} ${label}`);
    frame += 1;
  };

  return {
    start(text) {
      label = toSafeText(text).replaceAll(/\s+/g, ' ');
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
