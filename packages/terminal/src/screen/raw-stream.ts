import { createSafeText } from '../text/safe-text.ts';

export interface RawStreamOptions {
  readonly write: (text: string) => void;
  /** For a terminal; output to a pipe or a file stays unchanged. */
  readonly isFiltered: boolean;
}

/** The answer as it comes, for pipes and `--raw`; only a missing final line end is added. */
export interface RawStream {
  push(delta: string): void;
  end(): void;
}

export function createRawStream({ write, isFiltered }: RawStreamOptions): RawStream {
  const safe = createSafeText();
  let last = '';

  const pass = (text: string) => {
    if (text === '') return;
    last = text.slice(-1);
    write(text);
  };

  return {
    push: (delta) => pass(isFiltered ? safe.push(delta) : delta),

    end() {
      if (isFiltered) pass(safe.flush());
      if (last !== '' && last !== '\n') pass('\n');
    },
  };
}
