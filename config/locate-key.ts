import type { AST } from 'toml-eslint-parser';

type TomlNode = AST.TOMLKeyValue | AST.TOMLTable;

/** The line (from 1) of a key, or of the nearest table around it, in a TOML text. */
export async function locateKey(toml: string, path: readonly string[]): Promise<number | null> {
  const { parseTOML, getStaticTOMLValue, ParseError } = await import('toml-eslint-parser');
  let best: { line: number; depth: number } | null = null;
  const note = (keys: readonly (string | number)[], line: number) => {
    const names = keys.filter((key) => typeof key === 'string');
    const isAround = names.length <= path.length && names.every((name, i) => name === path[i]);
    if (isAround && names.length > (best?.depth ?? 0)) best = { line, depth: names.length };
  };
  const visit = (body: readonly TomlNode[], prefix: readonly (string | number)[]) => {
    for (const node of body) {
      if (node.type === 'TOMLTable') {
        note(node.resolvedKey, node.loc.start.line);
        visit(node.body, node.resolvedKey);
      } else {
        const keys = [...prefix, ...getStaticTOMLValue(node.key)];
        note(keys, node.loc.start.line);
        if (node.value.type === 'TOMLInlineTable') visit(node.value.body, keys);
      }
    }
  };
  try {
    visit(parseTOML(toml).body[0].body, []);
  } catch (error) {
    // This parser is stricter than the one that has read the values.
    if (!(error instanceof ParseError)) throw error;
  }
  return (best as { line: number } | null)?.line ?? null;
}
