import { loadLanguage } from '@synapse/markdown';
import highlight from 'highlight.js/lib/core';
import type { ComponentChildren } from 'preact';
import { toVisible } from './visible-text.tsx';

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

/** Code as nodes with the classes of highlight.js; `language` is a name from `languageFrom`. */
export async function colorCode(language: string, code: string): Promise<ComponentChildren> {
  if (!highlight.getLanguage(language)) {
    highlight.registerLanguage(language, await loadLanguage(language));
  }
  return toNodes(highlight.highlight(code, { language, ignoreIllegals: true }).value);
}

/** The markup of highlight.js has only these tags; its texts become text. */
function toNodes(markup: string): ComponentChildren {
  const open: { name: string; children: ComponentChildren[] }[] = [{ name: '', children: [] }];
  for (const [, name, text] of markup.matchAll(/<span class="([^"]*)">|<\/span>|([^<]+)/g)) {
    if (name !== undefined) open.push({ name, children: [] });
    else if (text !== undefined) open.at(-1)?.children.push(toVisible(decode(text)));
    else {
      const closed = open.pop();
      if (closed) open.at(-1)?.children.push(<span class={closed.name}>{closed.children}</span>);
    }
  }
  return open[0]?.children;
}

function decode(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity);
}
