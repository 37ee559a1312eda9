import { languageFrom, loadLanguage } from '@synapse/markdown';
import type { HLJSApi } from 'highlight.js';
import type { Paint, Style } from '../text/style.ts';

/** How far a block of code has been coloured; starts as `startOfCode`. */
export interface CodeState {
  /** Lines since the last place where nothing was open, such as a comment over many lines. */
  readonly open: string;
  readonly length: number;
}

export const startOfCode: CodeState = { open: '', length: 0 };

export interface Highlighter {
  /** Resolves when the language of a fence can be used; undefined if there is nothing to load. */
  prepare(info: string): Promise<void> | undefined;
  /** Colours the next line of a block; plain while the language is not loaded. */
  highlightLine(
    info: string,
    state: CodeState,
    line: string,
  ): { readonly text: string; readonly state: CodeState };
}

const mostCharacters = 64 * 1024;
const mostOpenCharacters = 8 * 1024;

/**
 * Colours code line by line: a line is coloured together with the lines above it only as far back as
 * something is still open, so that the cost stays linear and a line never changes after it is shown.
 */
export function createHighlighter(style: Style): Highlighter {
  const loaded = new Map<string, Promise<void> | 'ready' | 'missing'>();
  let highlight: HLJSApi | undefined;

  const load = async (name: string): Promise<void> => {
    try {
      const [core, definition] = await Promise.all([
        import('highlight.js/lib/core'),
        loadLanguage(name),
      ]);
      highlight = core.default;
      highlight.registerLanguage(name, definition);
      loaded.set(name, 'ready');
    } catch {
      // Code without colour is better than no answer.
      loaded.set(name, 'missing');
    }
  };

  return {
    prepare(info) {
      const name = style.hasColor ? languageFrom(info) : undefined;
      if (name === undefined) return undefined;
      const before = loaded.get(name);
      if (before !== undefined) return typeof before === 'string' ? undefined : before;
      const loading = load(name);
      loaded.set(name, loading);
      return loading;
    },

    highlightLine(info, state, line) {
      const length = state.length + line.length + 1;
      const code = state.open + line;
      const name = languageFrom(info);
      const isTooLong = length > mostCharacters || code.length > mostOpenCharacters;
      if (
        highlight === undefined ||
        name === undefined ||
        isTooLong ||
        loaded.get(name) !== 'ready'
      ) {
        return { text: line, state: { open: isTooLong ? state.open : '', length } };
      }
      const result = highlight.highlight(code, { language: name, ignoreIllegals: true });
      const text = paintLastLine(result.value, style);
      const isOpen = result._top !== undefined && 'parent' in result._top;
      return { text, state: { open: isOpen ? `${code}\n` : '', length } };
    },
  };
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

/** The last line of highlight.js' markup, with the innermost known scope of each piece as colour. */
function paintLastLine(markup: string, style: Style): string {
  const scopes: string[] = [];
  let line = '';
  for (const [piece, opened, text] of markup.matchAll(/<span class="([^"]*)">|<\/span>|([^<]+)/g)) {
    if (opened !== undefined) scopes.push(opened);
    else if (text === undefined) scopes.pop();
    else {
      const end = piece.lastIndexOf('\n');
      if (end >= 0) line = '';
      const plain = piece
        .slice(end + 1)
        .replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity);
      line += paintOf(scopes, style)(plain);
    }
  }
  return line;
}

function paintOf(scopes: readonly string[], style: Style): Paint {
  for (const scope of scopes.toReversed()) {
    const name = /^hljs-([\w-]+)/.exec(scope)?.[1] ?? '';
    const paint = paints[name];
    if (paint !== undefined) return style[paint];
  }
  return (text) => text;
}

const paints: Readonly<Record<string, Exclude<keyof Style, 'hasColor'>>> = {
  addition: 'green',
  attr: 'cyan',
  attribute: 'cyan',
  built_in: 'cyan',
  bullet: 'cyan',
  class: 'yellow',
  comment: 'dim',
  deletion: 'red',
  doctag: 'dim',
  keyword: 'magenta',
  link: 'blue',
  literal: 'yellow',
  meta: 'dim',
  name: 'blue',
  number: 'yellow',
  quote: 'dim',
  regexp: 'red',
  section: 'blue',
  'selector-class': 'cyan',
  'selector-id': 'cyan',
  'selector-tag': 'blue',
  string: 'green',
  symbol: 'cyan',
  tag: 'blue',
  title: 'blue',
  type: 'yellow',
};
