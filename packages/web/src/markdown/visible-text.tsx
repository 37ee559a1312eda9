import { decodeEntities } from '@synapse/markdown';
import type { ComponentChildren } from 'preact';

/**
 * Characters that reorder, hide or forge text: controls, marks of direction, and those without width.
 * The joiners inside of words and emoji stay.
 */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

/** Text of strangers, in which every hidden character is shown by its number. */
export function toVisible(text: string): ComponentChildren {
  if (text.search(hidden) < 0) return text;
  const nodes: ComponentChildren[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(hidden)) {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    nodes.push(text.slice(end, index), <HiddenCharacter code={code} />);
    end = index + character.length;
  }
  return [...nodes, text.slice(end)];
}

/** The same for prose, which may name characters as entities. */
export function toVisibleProse(text: string): ComponentChildren {
  return toVisible(decodeEntities(text));
}

function HiddenCharacter({ code }: { code: string }) {
  return (
    <span class="hidden-character" title="A character that is not shown">
      U+{code}
    </span>
  );
}
