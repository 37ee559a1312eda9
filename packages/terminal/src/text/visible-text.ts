import { isMark, isShown } from './safe-character.ts';

const longestGap = 32;
const mostMarks = 2;

/**
 * Text as a person must see it before approving it: nothing is removed, and what could hide, reorder,
 * overwrite or imitate is named by its code point. For commands, paths and arguments in prompts.
 */
export function toVisibleText(text: string): string {
  return spellHidden(nameLookalikes(text)).replaceAll(
    new RegExp(` {${longestGap + 1},}`, 'g'),
    (gap) => `<${gap.length} spaces>`,
  );
}

function spellHidden(text: string): string {
  let output = '';
  let marks = 0;
  for (const character of text) {
    marks = isMark(character) ? marks + 1 : 0;
    if (character === '\n') output += '⏎\n';
    else if (character === ' ') output += ' ';
    else if (isShown(character) && !/\p{Zs}/u.test(character) && marks <= mostMarks)
      output += character;
    else output += codePointOf(character);
  }
  return output;
}

/** A Cyrillic or Greek letter among Latin ones can pass for one of them. */
function nameLookalikes(text: string): string {
  return text.replaceAll(/[\p{L}\p{M}]+/gu, (word) =>
    /\p{Script=Latin}/u.test(word)
      ? word.replaceAll(
          /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu,
          codePointOf,
        )
      : word,
  );
}

function codePointOf(character: string): string {
  const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `<U+${digits.padStart(4, '0')}>`;
}
