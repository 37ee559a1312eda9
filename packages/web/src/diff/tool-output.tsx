import { useSignal } from '@preact/signals';
import { toVisible } from '../markdown/visible-text.tsx';
import { readDiff } from './diff-lines.ts';
import { DiffView } from './diff-view.tsx';

/** Lines shown at either end of a long output. */
const shownLines = 20;
/** Of a line, or of an output in few lines. */
const shownCharacters = 8000;

/** The output of a tool: a change as a diff, a long text as its head and its tail until it is opened. */
export function ToolOutput({ output, isError }: { output: string; isError: boolean }) {
  const isWhole = useSignal(false);
  const diff = isError ? undefined : readDiff(output);
  const folded = isWhole.value ? undefined : fold(output);
  if (diff && diff.length <= 400) return <DiffView lines={diff} />;
  return (
    <>
      <pre tabIndex={0} aria-label="Output" class={isError ? 'is-problem' : undefined}>
        <code>
          {folded ? (
            <>
              {toVisible(folded.head)}
              {'\n'}
              <button type="button" onClick={() => (isWhole.value = true)}>
                Show {folded.what}
              </button>
              {'\n'}
              {toVisible(folded.tail)}
            </>
          ) : (
            toVisible(output)
          )}
        </code>
      </pre>
    </>
  );
}

/** Both ends of a long output, and what is between them; undefined for a short one. */
export function fold(output: string): { head: string; tail: string; what: string } | undefined {
  const lines = output.split('\n');
  const isLong = lines.length > 3 * shownLines;
  if (!isLong && output.length <= 3 * shownCharacters) return undefined;
  const head = lines
    .slice(0, isLong ? shownLines : undefined)
    .join('\n')
    .slice(0, shownCharacters);
  const tail = lines
    .slice(isLong ? -shownLines : undefined)
    .join('\n')
    .slice(-shownCharacters);
  const hiddenLines = lines.length - 2 * shownLines;
  const hiddenCharacters = output.length - head.length - tail.length;
  const what = isLong ? `${hiddenLines} more lines` : `${hiddenCharacters} more characters`;
  return { head, tail, what };
}
