import { Readable } from 'node:stream';
import { getSession } from '@synapse/core/conversation';
import { recordOf } from '@synapse/portability/json-schemas';
import { exportFormatNames, type ExportFormatName } from '@synapse/app/sessions/export-formats';
import { importFile } from '@synapse/app/sessions/import-file';
import { importToJson } from '@synapse/app/sessions/import-to-json';
import { openExport, type ExportOptions } from '@synapse/app/sessions/open-export';
import { openImport } from '@synapse/app/sessions/open-import';
import * as v from 'valibot';
import { flag, sessionId } from '../fields.ts';
import { defaultLimits } from '../limits.ts';
import { listOf } from '../openapi/components.ts';
import { jsonReply, streamReply } from '../reply.ts';
import { defineRoute, type Caller, type Route } from '../route.ts';

const tag = 'export and import';
const count = { type: 'integer', minimum: 0 };
const string = { type: 'string' };

/** Formats of a file with many sessions. */
const manyFormats = ['json', 'ndjson', 'markdown', 'html', 'text', 'openai', 'sharegpt'] as const;

const fileTypes: Readonly<Record<ExportFormatName, [mediaType: string, ending: string]>> = {
  json: ['application/json', 'json'],
  ndjson: ['application/x-ndjson', 'ndjson'],
  markdown: ['text/markdown; charset=utf-8', 'md'],
  html: ['text/html; charset=utf-8', 'html'],
  text: ['text/plain; charset=utf-8', 'txt'],
  atif: ['application/json', 'atif.json'],
  openai: ['application/x-ndjson', 'openai.jsonl'],
  sharegpt: ['application/json', 'sharegpt.json'],
  opencode: ['application/json', 'opencode.json'],
};

const redact = v.optional(
  flag('Replace keys and other secrets in the texts. The result can still be imported.'),
  false,
);

const replies = {
  200: {
    description: 'The file, as it is written.',
    mediaTypes: [...new Set(Object.values(fileTypes).map(([type]) => type))],
    headers: { 'content-disposition': 'A name for the file.' },
  },
};

export const transferRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/sessions/{sessionId}/export', tag, scope: 'read' },
    id: 'exportSession',
    summary: 'Export a session as a file',
    description: 'Formats json and ndjson contain everything, and an import reads them.',
    params: { sessionId },
    query: {
      format: v.optional(
        v.pipe(v.picklist(exportFormatNames), v.description('The format of the file.')),
        'json',
      ),
      redact,
    },
    replies,
    async handle({ caller, params, query }) {
      const session = await getSession(caller.store.sessions, params.sessionId);
      return exportReply(caller, [session], query, session.handle ?? session.id);
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/api/export', id: 'exportSessions', tag, scope: 'read' },
    summary: 'Export all sessions outside the trash as a file',
    query: {
      format: v.optional(
        v.pipe(v.picklist(manyFormats), v.description('The format of the file.')),
        'ndjson',
      ),
      redact,
    },
    replies,
    async handle({ caller, query }) {
      return exportReply(caller, 'all', query, 'sessions');
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/api/import', id: 'importSessions', tag, scope: 'write' },
    summary: 'Import sessions from an export',
    description:
      'Takes json and ndjson. A session that exists gets the new messages; if both copies have grown, those of the file become a fork. Importing a file twice is harmless.',
    query: {
      dryRun: v.optional(flag('Report what an import would do, and store nothing.'), false),
    },
    body: {
      kind: 'bytes',
      mediaTypes: ['application/json', 'application/x-ndjson'],
      maxBytes: defaultLimits.importBytes,
    },
    replies: {
      200: {
        description: 'What was imported.',
        schema: recordOf({
          isDryRun: { type: 'boolean' },
          ...{ addedCount: count, extendedCount: count, forkedCount: count, presentCount: count },
          ...{ refusedCount: count, messageCount: count },
          items: listOf(recordOf({ id: string, messageCount: count })),
          ...{ presentIds: listOf(string), newerIds: listOf(string) },
          refused: listOf(recordOf({ id: string, reason: string })),
        }),
      },
    },
    async handle({ caller: { store, app }, query, body, signal }) {
      const file = await openImport('-', Readable.from(body));
      try {
        const options = { name: 'body', isDryRun: query.dryRun, signal };
        const report = await importFile(app, store, file, options);
        return jsonReply(200, { isDryRun: query.dryRun, ...importToJson(report) });
      } finally {
        await file.close();
      }
    },
  }),
];

async function exportReply(
  { app, store }: Caller,
  sessions: ExportOptions['sessions'],
  { format, redact: isRedacted }: { format: ExportFormatName; redact: boolean },
  name: string,
): Promise<Response> {
  const options = { sessions, format, isRedacted, onDamaged: undefined };
  const { text } = await openExport(app, store, options);
  const [mediaType, ending] = fileTypes[format];
  const file = encodeURIComponent(`${name}.${ending}`);
  return streamReply(text, {
    'content-type': mediaType,
    'content-disposition': `attachment; filename*=UTF-8''${file}`,
  });
}
