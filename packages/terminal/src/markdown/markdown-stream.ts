import {
  firstLine,
  languageNeededBy,
  type Piece,
  readEnd,
  type ReaderState,
  readLine,
  startOfDocument,
  toPreview,
} from '@synapse/markdown';
import { useScreen } from '../screen/screen-user.ts';
import { createSafeText } from '../text/safe-text.ts';
import type { Style } from '../text/style.ts';
import { startOfOutput, writePieces } from './block-writer.ts';
import { createHighlighter } from './highlighter.ts';
import { createLiveRegion, type Screen } from './live-region.ts';

export interface MarkdownStreamOptions extends Screen {
  readonly style: Style;
  /** The least time between two paintings; 0 paints on every push. */
  readonly frameMs?: number;
}

/** Markdown that is rendered while it arrives. */
export interface MarkdownStream {
  push(delta: string): void;
  /** Resolves when everything pushed is shown, with a final line end. */
  end(): Promise<void>;
  /** Shows what has arrived, half marks left out, and ignores what still comes. */
  abort(): void;
}

/** After each painting, waits for this multiple of its duration, so that a slow machine keeps up. */
const idlePerWork = 25;

/** For a terminal that can move its cursor; a pipe and a dumb terminal take the raw stream. */
export function createMarkdownStream(options: MarkdownStreamOptions): MarkdownStream {
  const { style, frameMs = 30 } = options;
  // Some pseudo-terminals report no size.
  const screen: Screen = {
    write: options.write,
    columns: () => options.columns() || 80,
    rows: () => options.rows() || 24,
  };
  const safe = createSafeText();
  const region = createLiveRegion(screen);
  const highlighter = createHighlighter(style);
  let reader: ReaderState = startOfDocument;
  let writer = startOfOutput;
  let source = '';
  let loading: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let nextFrameAt = 0;
  let isClosed = false;
  let lines: string[] = [];

  const isOpen = () => !isClosed;
  const release = useScreen({
    comeBack() {
      // The last block may still grow, and is shown again as a whole.
      const settled = previewOf().slice(0, -1);
      region.forget([...lines, ...writePieces(writer, settled, layOut()).lines]);
      paint();
    },
  });
  const layOut = () => ({ columns: screen.columns(), style, highlighter });

  const previewOf = () => toPreview(reader, source, screen.columns() * screen.rows());

  const commit = (pieces: readonly Piece[]) => {
    if (pieces.length === 0) return;
    const written = writePieces(writer, pieces, layOut());
    writer = written.state;
    for (const line of written.lines) lines.push(line);
  };

  const drain = () => {
    while (loading === undefined || isClosed) {
      const line = firstLine(source);
      if (line === undefined) return;
      if (!isClosed && waitFor(languageNeededBy(line))) return;
      source = source.slice(line.length);
      const read = readLine(reader, line);
      reader = read.state;
      commit(read.pieces);
    }
  };

  /** Lines that need a language wait until it is loaded, so that they need not change afterwards. */
  const waitFor = (language: string | undefined): boolean => {
    const wait = language === undefined ? undefined : highlighter.prepare(language);
    if (wait === undefined) return false;
    loading = wait.then(() => {
      loading = undefined;
      if (isClosed) return;
      drain();
      paint();
    });
    return true;
  };

  const paint = () => {
    clearTimeout(timer);
    timer = undefined;
    // The screen does not change while a language loads.
    if (loading !== undefined && !isClosed) return;
    const startedAt = performance.now();
    const done = lines;
    lines = [];
    const rest = isClosed ? [] : previewOf();
    region.paint(done, writePieces(writer, rest, layOut()).lines);
    const endedAt = performance.now();
    nextFrameAt = endedAt + Math.max(frameMs, (endedAt - startedAt) * idlePerWork);
  };

  const requestFrame = () => {
    if (timer !== undefined || loading !== undefined) return;
    const waitMs = frameMs === 0 ? 0 : nextFrameAt - performance.now();
    if (waitMs <= 0) paint();
    else timer = setTimeout(paint, waitMs).unref();
  };

  const close = (rest: readonly Piece[]) => {
    isClosed = true;
    release();
    commit(rest);
    paint();
  };

  return {
    push(delta) {
      if (isClosed) return;
      source += safe.push(delta);
      drain();
      requestFrame();
    },

    async end() {
      if (isClosed) return;
      source += safe.flush();
      drain();
      while (loading !== undefined) await loading;
      const needed = languageNeededBy(source);
      if (needed !== undefined) await highlighter.prepare(needed);
      if (isOpen()) close(readEnd({ ...reader, tail: reader.tail + source }));
    },

    abort() {
      if (isClosed) return;
      isClosed = true;
      drain();
      close(toPreview(reader, source, Infinity));
    },
  };
}
