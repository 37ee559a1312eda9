const header = /^[ \t]*\[[ \t]*tools[ \t]*\][ \t]*(?:#.*)?$/m;
const anyHeader = /^[ \t]*\[/m;
// Strings without escapes or line breaks, and comments, are all that stands in a usual list.
const list = /^([ \t]*allow[ \t]*=[ \t]*\[)((?:\s|,|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#.*\n)*)\]/m;

/**
 * The text of a config file with rules added to `allow` of `[tools]`. Undefined where it is written
 * in a way that is not understood well enough to be changed.
 */
export function addAllowRules(text: string, rules: readonly string[]): string | undefined {
  // Text over several lines may hold what looks like a table.
  if (/"""|'''/.test(text)) return undefined;
  const found = header.exec(text);
  const values = rules.map((rule) => JSON.stringify(rule));
  if (!found) {
    if (/^\s*(?:tools\b|["']tools["'])/m.test(text)) return undefined;
    const gap = text === '' || text.endsWith('\n') ? '' : '\n';
    return `${text}${gap}${text === '' ? '' : '\n'}[tools]\nallow = [${values.join(', ')}]\n`;
  }
  const start = found.index + found[0].length;
  const length = anyHeader.exec(text.slice(start))?.index ?? text.length - start;
  const section = text.slice(start, start + length);
  const changed = changeSection(section, values);
  return changed && text.slice(0, start) + changed + text.slice(start + length);
}

function changeSection(section: string, values: readonly string[]): string | undefined {
  const found = list.exec(section);
  if (!found) {
    if (/^[ \t]*["']?allow["']?[ \t]*[.=]/m.test(section)) return undefined;
    return `\nallow = [${values.join(', ')}]${section}`;
  }
  const [whole, head = '', inside = ''] = found;
  const missing = values.filter((value) => !inside.includes(value));
  if (missing.length === 0) return section;
  const isEmpty = inside.replaceAll(/#.*\n/g, '').trim() === '';
  // New ones come first, where no comma or comment of the list can be in the way.
  const joined = `${head}${missing.join(', ')}${isEmpty ? '' : ', '}${inside}]`;
  return section.replace(whole, () => joined);
}
