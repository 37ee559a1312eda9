import { basename } from 'node:path';
import { InvalidDataError, UsageError } from '@synapse/core';
import { toByteSize } from '@synapse/core/words';
import { recogniseContent, type Attachment } from './attachment.ts';
import { nameOfAddress, readAddress } from './read-address.ts';
import { readFileLimited } from './read-file.ts';
import { readLimited } from './read-limited.ts';

const MAX_BYTES = 16 * 1024 * 1024;
export const MAX_BYTES_OF_ALL = 32 * 1024 * 1024;

/** Reads the attachments of `-f`: paths, web addresses, and `-` for piped input. */
export async function readAttachments(
  sources: readonly string[],
  stdin: AsyncIterable<string | Buffer>,
): Promise<Attachment[]> {
  if (sources.filter((source) => source === '-').length > 1) {
    throw new UsageError('Stdin can be attached only once.');
  }
  const attachments: Attachment[] = [];
  let byteLength = 0;
  for (const source of sources) {
    const attachment = await readAttachment(source, stdin);
    byteLength += attachment.bytes.byteLength;
    if (byteLength > MAX_BYTES_OF_ALL) {
      throw new InvalidDataError(
        `Together, the attachments are larger than ${toByteSize(MAX_BYTES_OF_ALL)}.`,
        { hint: 'Attach fewer of them.' },
      );
    }
    attachments.push(attachment);
  }
  return attachments;
}

async function readAttachment(
  source: string,
  stdin: AsyncIterable<string | Buffer>,
): Promise<Attachment> {
  const { name, bytes } = await readSource(source, stdin);
  const content = recogniseContent(bytes);
  if (content) return { name, bytes, content };
  throw new InvalidDataError(`"${name}" is neither text nor an image nor a PDF.`, {
    hint: 'You can attach UTF-8 text, PNG, JPEG, GIF, WebP and PDF.',
  });
}

async function readSource(
  source: string,
  stdin: AsyncIterable<string | Buffer>,
): Promise<Pick<Attachment, 'name' | 'bytes'>> {
  if (source === '-') {
    const bytes = await readLimited(stdin as AsyncIterable<Buffer>, 'stdin', MAX_BYTES);
    return { name: 'stdin', bytes };
  }
  if (/^https?:\/\//i.test(source)) {
    if (!URL.canParse(source)) throw new UsageError(`"${source}" is not a web address.`);
    const bytes = await readAddress(source, { maxBytes: MAX_BYTES });
    return { name: nameOfAddress(source), bytes };
  }
  return { name: basename(source), bytes: await readFileLimited(source, MAX_BYTES) };
}
