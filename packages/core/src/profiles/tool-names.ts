/** What other programs call the tools, in lower case without separators. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  ...named(['read'], 'read notebookread readfile readmanyfiles view'),
  ...named(
    ['edit', 'write'],
    'edit multiedit write writefile notebookedit replace applypatch patch',
  ),
  ...named(['grep', 'glob', 'list'], 'search codebase'),
  ...named(['grep'], 'grep searchfilecontent grepsearch textsearch'),
  ...named(['glob'], 'glob filesearch'),
  ...named(['list'], 'list ls listdirectory listdir'),
  ...named(
    ['shell'],
    'shell bash execute powershell runshellcommand runcommands runinterminal terminal',
  ),
  ...named(['fetch'], 'fetch web webfetch websearch googlewebsearch'),
};

function named(tools: readonly string[], words: string): Record<string, readonly string[]> {
  return Object.fromEntries(words.split(' ').map((word) => [word, tools]));
}

/** The tools of this program that a name of another program means; undefined if it is unknown. */
export function toToolNames(name: string): readonly string[] | undefined {
  if (name === '*') return ['*'];
  const [, head = name, tail] = /^([\w-]+)\/([\w*-]+)$/.exec(name) ?? [];
  // A tool of a set, such as search/codebase, or one of a server.
  const known = findAlias(tail ?? head) ?? (tail === undefined ? undefined : findAlias(head));
  if (known) return known;
  if (tail !== undefined) return [`mcp__${head}__${tail}`];
  if (/^mcp__[\w-]+__[\w*-]+$/.test(name)) return [name];
  const [, server] = /^mcp__?([\w-]*)\*?$/.exec(name) ?? [];
  if (server === undefined) return undefined;
  return [name.endsWith('*') ? `mcp__${server}*` : `mcp__${server}__*`];
}

function findAlias(name: string): readonly string[] | undefined {
  const word = name.toLowerCase().replaceAll(/[\s_-]/g, '');
  return Object.hasOwn(aliases, word) ? aliases[word] : undefined;
}
