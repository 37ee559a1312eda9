import type { Message, Part } from '@synapse/core';
import { readerDefaults, type ExportFormat } from './export-format.ts';
import {
  exportAttachment,
  exportContext,
  exportFacts,
  exportHeading,
  exportTitle,
} from './export-words.ts';

export interface HtmlOptions {
  /** Renders the text of messages as safe HTML; it must escape everything that it does not understand. */
  renderText?: ((text: string) => string) | undefined;
}

// The page loads nothing and runs nothing, whatever a message contains.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 20%, transparent); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; } h1, p, td { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; font-size: .85rem; opacity: .75; }
dd { margin: 0; overflow-wrap: anywhere; }
article { border-top: 1px solid var(--line); padding: .75rem 0; }
article.user { background: color-mix(in srgb, currentColor 5%, transparent); margin: 0 -1rem; padding: .75rem 1rem; }
header { font-size: .85rem; opacity: .7; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .4rem; font-size: .85rem; }
.plain { white-space: pre-wrap; overflow-wrap: anywhere; }
details { margin: .5rem 0; } summary { cursor: pointer; opacity: .75; }
table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .2rem .5rem; }
`;

/** One file with its style, safe to open: every foreign character is escaped, and a policy forbids the rest. */
export function createHtmlFormat({ renderText = renderPlain }: HtmlOptions = {}): ExportFormat {
  return {
    ...readerDefaults,
    begin: () =>
      `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n<title>Synapse</title>\n<style>${STYLE}</style>\n</head>\n<body>\n`,
    beginSession(session) {
      const facts = exportFacts(session).map(
        ([name, text]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(text)}</dd>\n`,
      );
      return `<section>\n<h1>${escapeHtml(exportTitle(session))}</h1>\n<dl>\n${facts.join('')}</dl>\n`;
    },
    message: (message) => toArticle(message, renderText),
    endSession: () => '</section>\n',
    end: () => '</body>\n</html>\n',
  };
}

export function escapeHtml(text: string): string {
  const names: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
  return (
    text
      .toWellFormed()
      // Not allowed in HTML, even by number.
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '\ufffd')
      .replaceAll(/[&<>"]/g, (character) => `&${names[character] ?? ''};`)
      .replaceAll("'", '&#39;')
  );
}

function renderPlain(text: string): string {
  return `<p class="plain">${escapeHtml(text)}</p>`;
}

function toArticle(message: Message, renderText: (text: string) => string): string {
  const blocks = [
    `<header>${escapeHtml(exportHeading(message))}</header>`,
    ...message.parts.map((part) => toBlock(part, renderText)),
    ...(message.error ? [renderPlain(`Failed: ${message.error.message}`)] : []),
  ];
  return `<article class="${message.role}">\n${blocks.join('\n')}\n</article>\n`;
}

function toBlock(part: Part, renderText: (text: string) => string): string {
  switch (part.type) {
    case 'text':
      return renderText(part.text);
    case 'reasoning':
      return folded('Thought', renderPlain(part.text));
    case 'tool-call':
      return folded(
        `Call: ${part.name}`,
        `<pre>${escapeHtml(part.invalidInput ?? JSON.stringify(part.input, null, 2))}</pre>`,
      );
    case 'tool-result':
      return folded(
        `${part.isError ? 'Failure' : 'Result'}: ${part.name}`,
        `<pre>${escapeHtml(part.output)}</pre>`,
      );
    case 'context':
      return part.summary === null
        ? renderPlain(exportContext(part))
        : folded(exportContext(part), renderPlain(part.summary));
    case 'title':
      return renderPlain(part.text);
    case 'raw':
      return folded(part.kind, `<pre>${escapeHtml(JSON.stringify(part.data, null, 2))}</pre>`);
    case 'image':
    case 'file':
      return renderPlain(`[${part.type}] ${exportAttachment(part.attachment)}`);
  }
}

function folded(summary: string, content: string): string {
  return `<details><summary>${escapeHtml(summary)}</summary>${content}</details>`;
}
