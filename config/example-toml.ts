import { isLeaf, isTableOf, type Leaf, type TableOf } from './leaf.ts';
import { leavesOf } from './load-settings.ts';
import { schema } from './schema.ts';

/**
 * Every setting with its default, or an example if it has none, in the order of the schema. All are
 * commented out: each becomes valid when the `# ` before it is removed.
 */
export function exampleToml(): string {
  const lines = [
    '# Every setting of Synapse with its default, or an example where it has none.',
    '# Remove the "# " in front of what you want to change.',
    '',
  ];
  const sections = new Map<string, string[]>();
  for (const [key, leaf] of leavesOf(schema)) {
    const [section, name] = key.includes('.') ? (key.split('.') as [string, string]) : ['', key];
    const text = isTableOf(leaf) ? tableExample(key, leaf) : [...remark(leaf), setting(name, leaf)];
    const place = isTableOf(leaf) ? key : section;
    sections.set(place, [...(sections.get(place) ?? []), `# ${leaf.doc}`, ...text, '']);
  }
  for (const [section, body] of sections) {
    const isOwn = body.some((line) => line.startsWith('# ['));
    if (section !== '' && !isOwn) lines.push(`[${section}]`);
    lines.push(...body);
  }
  return lines.join('\n');
}

function tableExample(key: string, { entry, exampleName }: TableOf<unknown>): string[] {
  if (isLeaf(entry)) return [`# [${key}]`, setting(exampleName, entry)];
  return [
    `# [${key}.${exampleName}]`,
    ...leavesOf(entry).map(([name, leaf]) => setting(name, leaf)),
  ];
}

function remark({ default: value }: Leaf<unknown>): string[] {
  return value === null ? ['# It has no default; for example:'] : [];
}

function setting(name: string, leaf: Leaf<unknown> | TableOf<unknown>): string {
  if (isTableOf(leaf) && isLeaf(leaf.entry)) {
    return `# ${name} = { ${leaf.exampleName} = ${JSON.stringify(leaf.entry.example)} }`;
  }
  return `# ${name} = ${JSON.stringify(leaf.example ?? leaf.default)}`;
}
