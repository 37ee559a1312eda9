import { basename, extname } from 'node:path';
import { UsageError } from '@synapse/core';
import type { ExportFormat } from '@synapse/portability';
import { version } from '../version.ts';

export const exportFormatNames = [
  ...(['json', 'ndjson', 'markdown', 'html', 'text'] as const),
  ...(['atif', 'openai', 'sharegpt', 'opencode'] as const),
] as const;
export type ExportFormatName = (typeof exportFormatNames)[number];

const byDoubleExtension: Readonly<Record<string, ExportFormatName>> = {
  '.atif.json': 'atif',
  '.openai.jsonl': 'openai',
  '.sharegpt.json': 'sharegpt',
  '.opencode.json': 'opencode',
};

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
  const file = basename(path ?? '').toLowerCase();
  const double = Object.entries(byDoubleExtension).find(([ending]) => file.endsWith(ending));
  if (double) return double[1];
  const extension = extname(file);
  if (extension === '') return isAll ? 'ndjson' : 'json';
  const name = byExtension[extension];
  if (name !== undefined) return name;
  throw new UsageError(`"${extension}" is not an export format.`, {
    hint: 'End the name in .json, .ndjson, .md, .html or .txt, or pass --format.',
  });
}

export async function loadFormat(name: ExportFormatName): Promise<ExportFormat> {
  const portability = await import('@synapse/portability');
  switch (name) {
    case 'json':
      return portability.jsonFormat;
    case 'ndjson':
      return portability.ndjsonFormat;
    case 'markdown':
      return portability.markdownFormat;
    case 'text':
      return portability.textFormat;
    case 'html': {
      const { createHtmlFormat, markdownToHtml } = await import('@synapse/portability/html');
      return createHtmlFormat({ renderText: markdownToHtml });
    }
    case 'atif':
      return portability.createAtifFormat({ version });
    case 'openai':
      return portability.createOpenaiFormat();
    case 'sharegpt':
      return portability.createSharegptFormat();
    case 'opencode':
      return portability.createOpencodeFormat();
  }
}
