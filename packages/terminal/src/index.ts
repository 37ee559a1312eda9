/** Text for people on a terminal. The line editor is `@synapse/terminal/editor`, Markdown `@synapse/terminal/markdown`. */
export { toBar } from './text/bar.ts';
export { cutAnywhere, foldAnywhere, foldMiddle } from './text/fold-middle.ts';
export { toRelativeTime } from './text/relative-time.ts';
export { createSafeText, toSafeText } from './text/safe-text.ts';
export { createStyle, wantsColor, type ColorChoice, type Style } from './text/style.ts';
export { toTable, type TableColumn } from './text/table.ts';
export { toVisibleText } from './text/visible-text.ts';
export { truncateToWidth } from './text/width.ts';
export { wrapColumns } from './text/wrap-columns.ts';
export { createWordStream } from './text/word-stream.ts';
export { wrapText } from './text/wrap.ts';
export { createDeferredLines, deferOutput } from './screen/defer-output.ts';
export { showInPager, type PagerOptions } from './screen/pager.ts';
export { createProgress } from './screen/progress.ts';
export { createRawStream } from './screen/raw-stream.ts';
export { createSpinner, type Spinner } from './screen/spinner.ts';
