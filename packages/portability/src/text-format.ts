import type { Message, Part } from '@synapse/core';
import { readerDefaults, type ExportFormat } from './export-format.ts';
import {
  exportAttachment,
  exportContext,
  exportFacts,
  exportHeading,
  exportTitle,
} from './export-words.ts';

/** For reading and searching with other tools. */
export const textFormat: ExportFormat = {
  ...readerDefaults,
  begin: () => '',
  beginSession(session, index) {
    const title = exportTitle(session);
    const facts = exportFacts(session).map(([name, text]) => `${name}: ${text}\n`);
    return `${index === 0 ? '' : '\n\n'}${title}\n${'='.repeat(Math.min(78, title.length))}\n${facts.join('')}`;
  },
  message: (message) => `\n[${exportHeading(message)}]\n${blocksOf(message).join('\n')}\n`,
  endSession: () => '',
  end: () => '',
};

function blocksOf({ parts, error }: Message): string[] {
  return [...parts.map(toText), ...(error ? [`(failed: ${error.message})`] : [])];
}

function toText(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text.trimEnd();
    case 'reasoning':
      return `(thought) ${part.text.trimEnd()}`;
    case 'tool-call':
      return `-> ${part.name} ${part.invalidInput ?? JSON.stringify(part.input)}`;
    case 'tool-result':
      return `<- ${part.name}${part.isError ? ' failed' : ''}\n${part.output.trimEnd()}`;
    case 'context':
      return [exportContext(part), part.summary ?? []].flat().join('\n');
    case 'title':
      return part.text;
    case 'raw':
      return `(${part.kind}) ${JSON.stringify(part.data)}`;
    case 'image':
    case 'file':
      return `(${part.type}) ${exportAttachment(part.attachment)}`;
  }
}
