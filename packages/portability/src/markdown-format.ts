import type { Message, Part } from '@synapse/core';
import { readerDefaults, type ExportFormat } from './export-format.ts';
import {
  exportAttachment,
  exportContext,
  exportFacts,
  exportHeading,
  exportTitle,
} from './export-words.ts';

/** For notes and wikis. Messages keep their own Markdown. */
export const markdownFormat: ExportFormat = {
  ...readerDefaults,
  begin: () => '',
  beginSession(session, index) {
    const facts = exportFacts(session).map(([name, text]) => `- ${name}: ${escape(text)}\n`);
    return `${index === 0 ? '' : '\n---\n\n'}# ${escape(exportTitle(session))}\n\n${facts.join('')}`;
  },
  message: (message) =>
    `\n## ${escape(exportHeading(message))}\n\n${blocksOf(message).join('\n\n')}\n`,
  endSession: () => '',
  end: () => '',
};

function blocksOf({ parts, error }: Message): string[] {
  return [...parts.map(toBlock), ...(error ? [`**Failed:** ${escape(error.message)}`] : [])];
}

function toBlock(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text.trimEnd();
    case 'reasoning':
      return `> *Thought*\n>\n${quote(part.text.trimEnd())}`;
    case 'tool-call':
      return `**Call** ${escape(part.name)}\n\n${fence(part.invalidInput ?? JSON.stringify(part.input, null, 2), 'json')}`;
    case 'tool-result':
      return `**${part.isError ? 'Failure' : 'Result'}** ${escape(part.name)}\n\n${fence(part.output, '')}`;
    case 'context':
      return [
        escape(exportContext(part)),
        ...(part.summary === null ? [] : [quote(part.summary)]),
      ].join('\n\n');
    case 'title':
      return escape(part.text);
    case 'raw':
      return `**Record** ${escape(part.kind)}\n\n${fence(JSON.stringify(part.data, null, 2), 'json')}`;
    case 'image':
    case 'file':
      return `*${part.type}:* ${escape(exportAttachment(part.attachment))}`;
  }
}

function quote(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`)
    .join('\n');
}

/** Longer than every fence in the text, so that none of them can end it. */
function fence(text: string, language: string): string {
  const runs = text.match(/`+/g) ?? [];
  const marks = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return `${marks}${language}\n${text.trimEnd()}\n${marks}`;
}

function escape(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>#|]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
