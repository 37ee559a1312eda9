import { extname } from 'node:path';
import type { ExportFormat } from '@synapse/core';

export const exportFormatNames = ['json', 'markdown', 'html', 'text'] as const;
export type ExportFormatName = (typeof exportFormatNames)[number];

const byExtension: Readonly<Record<string, ExportFormatName>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.txt': 'text',
};

/** What the name of a file asks for; JSON where it says nothing. */
export function formatNameFor(path: string | undefined): ExportFormatName {
  return byExtension[extname(path ?? '').toLowerCase()] ?? 'json';
}

export async function loadFormat(name: ExportFormatName): Promise<ExportFormat> {
  const { createHtmlFormat, jsonFormat, markdownFormat, textFormat } =
    await import('@synapse/core');
  switch (name) {
    case 'json':
      return jsonFormat;
    case 'markdown':
      return markdownFormat;
    case 'text':
      return textFormat;
    case 'html': {
      const { markdownToHtml } = await import('../render/html/markdown-to-html.ts');
      return createHtmlFormat({ renderText: markdownToHtml });
    }
  }
}
