import { extname } from 'node:path';
import { UsageError } from '@synapse/core';
import type { ExportFormat } from '@synapse/portability';

export const exportFormatNames = ['json', 'ndjson', 'markdown', 'html', 'text'] as const;
export type ExportFormatName = (typeof exportFormatNames)[number];

const byExtension: Readonly<Record<string, ExportFormatName>> = {
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.txt': 'text',
};

/** The format of a file name; by default one that can be imported. */
export function formatNameFor(path: string | null, isAll: boolean): ExportFormatName {
  const extension = extname(path ?? '').toLowerCase();
  if (extension === '') return isAll ? 'ndjson' : 'json';
  const name = byExtension[extension];
  if (name !== undefined) return name;
  throw new UsageError(`"${extension}" is not an export format.`, {
    hint: 'End the name in .json, .ndjson, .md, .html or .txt, or pass --format.',
  });
}

export async function loadFormat(name: ExportFormatName): Promise<ExportFormat> {
  const { jsonFormat, markdownFormat, ndjsonFormat, textFormat } =
    await import('@synapse/portability');
  switch (name) {
    case 'json':
      return jsonFormat;
    case 'ndjson':
      return ndjsonFormat;
    case 'markdown':
      return markdownFormat;
    case 'text':
      return textFormat;
    case 'html': {
      const { createHtmlFormat, markdownToHtml } = await import('@synapse/portability/html');
      return createHtmlFormat({ renderText: markdownToHtml });
    }
  }
}
