import { InvalidDataError } from '../errors/run-errors.ts';
import { quoteWord } from '../words/quote-word.ts';

/** Places where a shell reads a text again, so that no quoting of an argument would last. */
const REREAD =
  /`|\$[({'"]|<<|\(\(|(?:^|[\s;&|(])(?:#|eval\s|(?:\S*\/)?(?:ba|da|k|z)?sh\s(?:\S+\s+){0,4}?-\w*c\s)/;

/**
 * Writes arguments into a command line as plain words, whatever they contain. `before` is the line up to
 * their place: within quotes, they are escaped for these. Throws InvalidDataError where a shell would
 * read them a second time.
 */
export function quoteInCommand(words: readonly string[], before: string): string {
  if (REREAD.test(before)) {
    throw new InvalidDataError('A command has an argument where a shell would run its text.', {
      hint: 'Write the argument outside of $(…), `…`, ${…}, ((…)), eval, sh -c, comments and here-documents.',
    });
  }
  switch (openQuote(before)) {
    case '\\':
      throw new InvalidDataError('A command has a backslash before an argument.', {
        hint: 'Leave out the backslash: an argument is quoted already.',
      });
    case "'":
      return words.join(' ').replaceAll("'", `'\\''`);
    case '"':
      return words.join(' ').replaceAll(/[\\$`"]/g, '\\$&');
    case null:
      return words.map(quoteWord).join(' ');
  }
}

/** The quote that is open at the end of the line, or the backslash that would take the next character. */
function openQuote(line: string): "'" | '"' | '\\' | null {
  let open: "'" | '"' | null = null;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index];
    if (character === '\\' && open !== "'") {
      index += 1;
      if (index === line.length) return '\\';
    } else if (character === open) open = null;
    else if (open === null && (character === "'" || character === '"')) open = character;
  }
  return open;
}
