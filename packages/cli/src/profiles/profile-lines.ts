import { toVisibleText } from '@synapse/terminal';

/** A profile for people: its name, the fields that have a value, and its text with every hidden character visible. */
export function profileLines(
  name: string,
  fields: Readonly<Record<string, string | null>>,
  text: string,
): string {
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== null && value !== '')
    .map(([title, value]) => `  ${title}: ${toVisibleText(value ?? '')}`);
  const body = text.split('\n').map(toVisibleText);
  return [name, ...lines, '', ...body].join('\n').trimEnd();
}
