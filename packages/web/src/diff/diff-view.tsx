import { toVisible } from '../markdown/visible-text.tsx';
import type { DiffLine } from './diff-lines.ts';

const signs: Readonly<Record<DiffLine['kind'], string>> = {
  ...{ same: ' ', added: '+', removed: '-', place: '' },
};

/** A change of a file. The signs say what the colours say, and are copied with the lines. */
export function DiffView({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <pre class="diff" tabIndex={0} aria-label="Changes" dir="ltr">
      <code>
        {lines.map(({ kind, text, words }, index) => (
          <span key={index} class={`diff-${kind}`}>
            {signs[kind]}
            {words === null
              ? toVisible(text)
              : words.map((word) =>
                  word.isChanged ? <b>{toVisible(word.text)}</b> : toVisible(word.text),
                )}
            {'\n'}
          </span>
        ))}
      </code>
    </pre>
  );
}
