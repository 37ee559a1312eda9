import { isTableOf, type Group, type Leaf } from './leaf.ts';
import { leavesOf } from './load-settings.ts';
import { schema } from './schema.ts';

/** Every setting with its default, commented out, in the order of the schema. */
export function exampleToml(): string {
  const lines = ['# Every setting of Synapse with its default. Copy what you want to change.', ''];
  const sections = new Map<string, string[]>();
  for (const [key, leaf] of leavesOf(schema)) {
    const [section, name] = key.includes('.') ? (key.split('.') as [string, string]) : ['', key];
    const text = isTableOf(leaf) ? tableExample(key, leaf.entry) : [setting(name, leaf)];
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

function tableExample(key: string, entry: Leaf<unknown> | Group): string[] {
  if ('format' in entry) return [`# [${key}]`, '# name = "…"'];
  return [`# [${key}.name]`, ...leavesOf(entry).map(([name, leaf]) => setting(name, leaf))];
}

function setting(name: string, { default: value, expected }: Leaf<unknown>): string {
  const isUnset = value === null || (typeof value === 'object' && !Array.isArray(value));
  return `# ${name} = ${isUnset ? `…  (${expected})` : JSON.stringify(value)}`;
}
