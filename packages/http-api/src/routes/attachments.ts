import { FileNotFoundError, InvalidDataError } from '@synapse/core';
import { attachmentsOf } from '@synapse/core/store-kit';
import { recogniseContent } from '@synapse/app/attachments/attachment';
import * as v from 'valibot';
import { keepUpload } from '../doors/idempotency-key.ts';
import { id, sessionId, sha256, text } from '../fields.ts';
import { defaultLimits } from '../limits.ts';
import { ref } from '../openapi/components.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';
import { findMessage } from './messages.ts';

const tag = 'attachments';
const BYTES = 'application/octet-stream';
/** Types that a browser may show in a page of ours: they contain no script. */
const SHOWN_INLINE = /^image\/(png|jpeg|gif|webp)$/;

export const attachmentRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'POST', path: '/api/attachments', id: 'uploadAttachment', tag, scope: 'write' },
    summary: 'Upload bytes, to attach them to a question',
    description:
      'The type is recognised by the bytes: PNG, JPEG, GIF, WebP, PDF or UTF-8 text. Only the same token can attach the bytes, within a day. Bytes that no message uses are removed after some time. Repeating it is harmless.',
    query: { name: v.optional(text('The name of the file, without a folder.', 255)) },
    body: { kind: 'bytes', mediaTypes: [BYTES], maxBytes: defaultLimits.uploadBytes },
    replies: {
      201: { description: 'The reference, whose hash a run takes.', schema: ref('Attachment') },
    },
    async handle({ caller: { identity, store, app }, query, body }) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      const content = bytes.byteLength > 0 ? recogniseContent(bytes) : undefined;
      if (!content) {
        throw new InvalidDataError('The bytes are neither text nor an image nor a PDF.', {
          hint: 'You can attach UTF-8 text, PNG, JPEG, GIF, WebP and PDF.',
        });
      }
      const mediaType = content.kind === 'text' ? 'text/plain' : content.mediaType;
      const name = query.name?.split(/[/\\]/).at(-1) ?? '';
      const named = { bytes, mediaType, name: name === '' ? null : name };
      const stored = await store.attachments.put(named);
      await keepUpload(identity, stored.sha256, { receipts: store.receipts, clock: app.clock });
      return jsonReply(201, stored);
    },
  }),

  defineRoute({
    method: 'GET',
    path: '/api/sessions/{sessionId}/messages/{messageId}/attachments/{sha256}',
    ...{ id: 'downloadAttachment', tag, scope: 'read' },
    summary: 'Download bytes that a message refers to',
    description: 'A hash alone gives nothing: the message must hold it.',
    params: { sessionId, messageId: id('The message that refers to the bytes.'), sha256 },
    replies: {
      200: {
        description: 'The bytes. Only raster images may be shown inline.',
        mediaTypes: ['*/*'],
        headers: { 'content-disposition': 'The name, and whether a browser saves it.' },
      },
    },
    async handle({ caller: { store }, params }) {
      const { parts } = await findMessage(store.sessions, params.sessionId, params.messageId);
      const found = attachmentsOf(parts).find((one) => one.sha256 === params.sha256);
      const bytes = found && (await store.attachments.get(found.sha256));
      if (!bytes) throw new FileNotFoundError('The message holds no such attachment.');
      const isInline = SHOWN_INLINE.test(found.mediaType);
      const name = encodeURIComponent((found.name ?? found.sha256).toWellFormed());
      return new Response(bytes as Uint8Array<ArrayBuffer>, {
        status: 200,
        headers: {
          'content-type':
            isInline || found.mediaType === 'application/pdf' ? found.mediaType : BYTES,
          'content-length': String(bytes.byteLength),
          'content-disposition': `${isInline ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
        },
      });
    },
  }),
];
