import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { BlockNode, toFinalNode } from './block-nodes.tsx';
import { createGrowingText, type GrowingText } from './growing-text.ts';

interface MarkdownProps {
  /** May grow at its end from one rendering to the next; any other change reads it anew. */
  text: string;
  /** Whether more may come. */
  isGrowing?: boolean;
}

/** A longer text is cut until somebody asks for the rest. */
const mostShown = 128 * 1024;

export function Markdown({ text, isGrowing = false }: MarkdownProps) {
  const isWhole = useSignal(false);
  const reader = useMemo(() => new Reader(), []);
  const isCut = !isWhole.value && text.length > mostShown;
  const { final, open } = reader.read(isCut ? cut(text) : text, isGrowing && !isCut);
  return (
    <div class="markdown">
      {final.map(toFinalNode)}
      {open.map((block) => (
        <BlockNode block={block} />
      ))}
      {isCut && (
        <button type="button" class="show-all" onClick={() => (isWhole.value = true)}>
          Show all ({toSize(text.length)})
        </button>
      )}
    </div>
  );
}

/** Keeps what it has read while the text only grows. */
class Reader {
  #growing: GrowingText = createGrowingText();
  #text = '';
  #isEnded = false;

  read(text: string, isGrowing: boolean) {
    if (this.#isEnded ? text !== this.#text || isGrowing : !text.startsWith(this.#text)) {
      this.#growing = createGrowingText();
      this.#text = '';
      this.#isEnded = false;
    }
    if (text.length > this.#text.length) this.#growing.push(text.slice(this.#text.length));
    this.#text = text;
    if (!isGrowing) this.#growing.end();
    this.#isEnded = !isGrowing;
    return this.#growing.read();
  }
}

/** At the end of a line, if one is near. */
function cut(text: string): string {
  const end = text.lastIndexOf('\n', mostShown);
  return text.slice(0, end > mostShown / 2 ? end + 1 : mostShown);
}

function toSize(characters: number): string {
  return characters < 1e6
    ? `${Math.round(characters / 1e3)} kB`
    : `${(characters / 1e6).toFixed(1)} MB`;
}
