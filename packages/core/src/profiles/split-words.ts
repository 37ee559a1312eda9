/** Splits a line into words as a shell would: quotes keep spaces, and a backslash keeps any character. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  const expression = /(?:"((?:\\[^]|[^"\\])*)"|'([^']*)'|\\([^])|([^\s"'\\]+)|(["'\\]))(\s*)/gy;
  let word = '';
  let hasWord = false;
  expression.lastIndex = /^\s*/.exec(line)?.[0].length ?? 0;
  for (let match = expression.exec(line); match; match = expression.exec(line)) {
    const [, double, single, escaped, plain, alone, gap] = match;
    word += double?.replaceAll(/\\([^])/g, '$1') ?? single ?? escaped ?? plain ?? alone ?? '';
    hasWord = true;
    if (gap === '') continue;
    words.push(word);
    word = '';
    hasWord = false;
  }
  return hasWord ? [...words, word] : words;
}
