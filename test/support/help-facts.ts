export interface HelpFacts {
  summary: string;
  /** What each argument is. */
  args: Record<string, string>;
  flags: { name: string; letter: string; value: string; text: string; default: string }[];
  examples: string[];
}

/**
 * What a help page says, whether oclif laid it out or Synapse. They differ in titles, order and columns,
 * and in where defaults and choices are.
 */
export function toHelpFacts(page: string): HelpFacts {
  const [summary = '', ...blocks] = page.trim().split(/\n\n(?=\S)/);
  const sections = blocks.map((block): [title: string, lines: string[]] => {
    const [title = '', ...lines] = block.split('\n');
    return [title.toLowerCase(), lines.filter((line) => line !== '')];
  });
  const linesUnder = (title: RegExp) =>
    sections.flatMap(([name, lines]) => (title.test(name) ? lines : []));
  return {
    summary: summary.replace(/[.]$/, '').toLowerCase(),
    args: Object.fromEntries(linesUnder(/^arguments$/).map(toArgument)),
    flags: joinChoices(linesUnder(/flags/)).map(toFlag).sort(byName),
    examples: linesUnder(/^examples$/).map((line) => line.replace(/^ +([$] )?/, '')),
  };
}

/** oclif puts the choices of an argument before its text, which names them anyway. */
function toArgument(line: string): [string, string] {
  const [, name = '', text = ''] = /^ +\[?([\w-]+)(?:[.]{3})?\]?(?: {2,}(.*))?$/.exec(line) ?? [];
  return [name.toLowerCase(), text.replace(/^\([^)]*\|.*?\) /, '')];
}

/** oclif has the choices of a flag on a line of their own. */
function joinChoices(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const [, choices] = /^ +<options: (.*)>$/.exec(line) ?? [];
    const before = choices === undefined ? undefined : joined.pop();
    joined.push(before === undefined ? line : before.replace('=<option>', `=<${choices}>`));
  }
  return joined;
}

function toFlag(line: string): HelpFacts['flags'][number] {
  const [, letter = '', name = '', value = '', rest = ''] =
    /^ +(?:-(\w), +)?--([\w[\]-]+)(?:[ =](<.*?>|\S+?))?(?:[.]{3})?(?: {2,}(.*))?$/.exec(line) ?? [];
  const [, before, after] = /^\[default: (.*?)\]|\(default: (.*)\)$/.exec(rest) ?? [];
  const text = rest.replace(/^\[default: .*?\] |\s\(default: .*\)$/, '');
  return { name, letter, value, text, default: before ?? after ?? '' };
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
