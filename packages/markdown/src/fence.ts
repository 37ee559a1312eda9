export interface Fence {
  readonly mark: string;
  readonly indentation: number;
  /** The text after the opening marks: usually the language. */
  readonly info: string;
  /** The length of the whole opening line. */
  readonly length: number;
}

const opening = /^( {0,3})(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})([^\n]*)(?:\n|$)/;

export function openingFence(source: string): Fence | undefined {
  const match = opening.exec(source);
  if (match === null) return undefined;
  const [line, indentation = '', mark = '', info = ''] = match;
  return { mark, indentation: indentation.length, info: info.trim(), length: line.length };
}

export function closesFence(fence: Fence, line: string): boolean {
  const marks = /^ {0,3}(`{3,}|~{3,})[ \t]*\n?$/.exec(line)?.[1];
  return marks?.startsWith(fence.mark) === true;
}

/** The language that a line would need if it opened a block of code, however deep in lists or quotes. */
export function languageNeededBy(line: string): string | undefined {
  return /^[ \t>*+\-\d.)]*(?:`{3,}|~{3,})[ \t]*([\w+#-]+)/.exec(line)?.[1];
}
