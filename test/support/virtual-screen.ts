import xterm from '@xterm/headless';

/** A terminal in memory that shows what was written to it. */
export interface VirtualScreen {
  readonly write: (text: string) => void;
  resize(columns: number, rows: number): void;
  /** All rows, what has scrolled away included; each with its colours if asked for. */
  lines(options?: { withStyle?: boolean }): Promise<string[]>;
  cursor(): Promise<{ column: number; row: number }>;
}

export function createVirtualScreen(columns: number, rows: number): VirtualScreen {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback: 100_000,
    convertEol: true,
    allowProposedApi: true,
  });
  const settle = () => new Promise<void>((resolve) => terminal.write('', resolve));

  return {
    write: (text) => terminal.write(text),
    resize: (nextColumns, nextRows) => terminal.resize(nextColumns, nextRows),

    async lines({ withStyle = false } = {}) {
      await settle();
      const buffer = terminal.buffer.active;
      const lines = Array.from({ length: buffer.length }, (_row, index) => {
        const line = buffer.getLine(index)!;
        return withStyle ? styledLine(line) : line.translateToString(true);
      });
      while (lines.at(-1)?.trim() === '') lines.pop();
      return lines;
    },

    async cursor() {
      await settle();
      const { cursorX, cursorY, baseY } = terminal.buffer.active;
      return { column: cursorX, row: baseY + cursorY };
    },
  };
}

type BufferLine = NonNullable<ReturnType<xterm.Terminal['buffer']['active']['getLine']>>;

function styledLine(line: BufferLine): string {
  let text = '';
  for (let column = 0; column < line.length; column += 1) {
    const cell = line.getCell(column)!;
    const characters = cell.getChars();
    if (characters === '') continue;
    const style = `${cell.isBold()}.${cell.isDim()}.${cell.isItalic()}.${cell.isUnderline()}.${cell.getFgColor()}`;
    text += `${characters}{${style}}`;
  }
  return text;
}
