import { InvalidDataError, type AttachmentStore, type Part } from '@synapse/core';
import type { Attachment } from '@synapse/app/attachments/attachment';
import type { AnswerSchema } from '@synapse/app/conversation/answer-schema';
import { decodeText } from '@synapse/app/attachments/decode-text';
import { readPrompt, type Prompt } from './read-prompt.ts';

const MAX_SYSTEM_BYTES = 1024 * 1024;

export interface MaterialFlags {
  file?: string[] | undefined;
  schema?: string | undefined;
  system?: string | undefined;
  'system-file'?: string | undefined;
}

/** Everything that a single question consists of, read before anything is opened or paid for. */
export interface Material {
  prompt: Prompt;
  attachments: readonly Attachment[];
  /** Null if no flag gives one. */
  systemPrompt: string | null;
  schema: AnswerSchema | null;
}

export async function readMaterial(
  flags: MaterialFlags,
  words: readonly string[],
  notice: (text: string) => void,
): Promise<Material> {
  const { file: sources = [], schema: schemaPath } = flags;
  const { stdin } = process;
  const systemPrompt = flags.system ?? (await readSystemFile(flags['system-file']));
  let schema: AnswerSchema | null = null;
  if (schemaPath !== undefined) {
    const { readAnswerSchema } = await import('@synapse/app/conversation/answer-schema');
    schema = await readAnswerSchema(schemaPath);
  }
  const isStdinTaken = sources.includes('-');
  const prompt = await readPrompt({ words, stdin, notice, isStdinTaken });
  let attachments: Attachment[] = [];
  if (sources.length > 0) {
    const { readAttachments } = await import('@synapse/app/attachments/read-attachments');
    attachments = await readAttachments(sources, stdin);
  }
  return { prompt, attachments, systemPrompt, schema };
}

/** The message of the user: first the text, then the attachments. */
export async function toMessageParts(
  { prompt, attachments }: Material,
  store: Pick<AttachmentStore, 'put'>,
): Promise<Part[]> {
  const text: Part = { type: 'text', text: prompt.text };
  if (attachments.length === 0) return [text];
  const { toParts } = await import('@synapse/app/attachments/to-parts');
  return [text, ...(await toParts(attachments, store))];
}

export async function readSystemFile(path: string | undefined): Promise<string | null> {
  if (path === undefined) return null;
  const { readFileLimited } = await import('@synapse/app/attachments/read-file');
  const text = decodeText(await readFileLimited(path, MAX_SYSTEM_BYTES));
  if (text === undefined) throw new InvalidDataError(`"${path}" is not UTF-8 text.`);
  return text.trimEnd();
}
