export interface ProfileHead {
  name: string | null;
  description: string | null;
}

const PLAIN = /^[\p{L}\p{N}(][^#:\n]*$/u;

/**
 * Name and description, if the front matter has them as plain text on a line each. Undefined if only a YAML
 * parser can tell: that takes a hundred times as long, and a folder may have hundreds of files.
 */
export function readPlainHead(text: string): ProfileHead | undefined {
  if (!text.startsWith('---\n')) return { name: null, description: null };
  const end = text.indexOf('\n---', 3);
  if (end < 0) return undefined;
  const lines = text.slice(4, end + 1).split('\n');
  const read = (field: string): string | null | undefined => {
    const index = lines.findIndex((line) => line.startsWith(`${field}:`));
    if (index < 0) return null;
    const value = (lines[index] ?? '').slice(field.length + 1).trim();
    // An indented line continues the text.
    return PLAIN.test(value) && !/^\s/.test(lines[index + 1] ?? '') ? value : undefined;
  };
  const name = read('name');
  const description = read('description');
  return name === undefined || description === undefined ? undefined : { name, description };
}
