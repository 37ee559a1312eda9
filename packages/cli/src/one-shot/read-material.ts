import { fstatSync } from 'node:fs';
import type { Attachment } from '@synapse/app/attachments/attachment';
import { decodeText } from '@synapse/app/attachments/decode-text';
import type { AnswerSchema } from '@synapse/app/conversation/answer-schema';
import { InvalidDataError, type AttachmentStore, type Part, UsageError } from '@synapse/core';

const MAX_STDIN_BYTES = 16 * 1024 * 1024;
const MAX_SYSTEM_BYTES = 1024 * 1024;
const NOTICE_MS = 1000;
const SILENCE_MS = 5000;

export interface MaterialFlags {
  command?: string | undefined;
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
  const isOptional = flags.command !== undefined;
  const prompt = await readPrompt({ words, stdin, notice, isStdinTaken, isOptional });
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

interface PromptSources {
  /** The words of the command line; `-` is the place of stdin. */
  words: readonly string[];
  stdin: NodeJS.ReadableStream & { fd?: number };
  notice: (text: string) => void;
  /** Piped input is an attachment, and not read here. */
  isStdinTaken?: boolean;
  /** A template makes the prompt of typed words and piped input, or of neither. */
  isOptional?: boolean;
}

interface Prompt {
  text: string;
  /** Only the typed words; empty if all of the prompt was piped in. */
  typed: string;
  /** Only what was piped in; null if nothing was. */
  piped: string | null;
}

/**
 * The prompt: the words of the command line, then what is piped in, marked as such. A `-` among the
 * words is replaced by stdin; without any words stdin is the whole prompt.
 */
async function readPrompt(sources: PromptSources): Promise<Prompt> {
  const { words, stdin, notice, isStdinTaken = false, isOptional: isTemplate = false } = sources;
  const isNamed = words.includes('-');
  const typed = words.filter((word) => word !== '-').join(' ');
  if (isNamed && isStdinTaken) {
    throw new UsageError('Stdin can be read only once: with - or with -f -.');
  }
  if (isStdinTaken || (!isNamed && !isPiped(stdin))) {
    return isTemplate ? { text: typed, typed, piped: null } : requirePrompt(typed, typed);
  }

  const isOptional = (typed !== '' || isTemplate) && !isNamed;
  const piped = await readText(stdin, isOptional, notice);
  if (isTemplate) return { text: typed, typed, piped: piped === '' ? null : piped };
  if (typed === '' || piped === '') return requirePrompt(typed || piped, typed);
  if (!isNamed) return { text: `${typed}\n\n${marked(piped)}`, typed, piped };
  const text = words
    .map((word) => (word === '-' ? `\n\n${marked(piped)}\n\n` : word))
    .join(' ')
    .trim();
  return { text, typed, piped };
}

function marked(text: string): string {
  return `<stdin>\n${text.replace(/\n$/, '')}\n</stdin>`;
}

function requirePrompt(text: string, typed: string): Prompt {
  if (text.trim() !== '') return { text, typed, piped: null };
  throw new UsageError('The prompt is missing.', {
    hint: 'Add a question: synapse "What is a monad?". Or start a chat: synapse -r',
  });
}

/** A pipe, a file or a socket; anything else that is not a terminal has no input. */
function isPiped({ fd }: PromptSources['stdin']): boolean {
  if (fd === undefined) return true;
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isFile() || stat.isSocket();
  } catch {
    return false;
  }
}

async function readText(
  stdin: PromptSources['stdin'],
  isOptional: boolean,
  notice: (text: string) => void,
): Promise<string> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  const silence = startSilenceTimers(stdin, isOptional, notice);
  try {
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      silence.end();
      chunks.push(chunk);
      byteLength += chunk.length;
      if (byteLength > MAX_STDIN_BYTES) {
        throw new InvalidDataError('The text on stdin is larger than 16 MiB.', {
          hint: 'Attach a large file with -f, or send less of it.',
        });
      }
    }
  } catch (error) {
    if (!silence.hasGivenUp()) throw error;
  } finally {
    silence.end();
  }
  return decode(Buffer.concat(chunks));
}

/** An open pipe that never sends anything must not hold up a prompt that was typed. */
function startSilenceTimers(
  stdin: PromptSources['stdin'],
  isOptional: boolean,
  notice: (text: string) => void,
) {
  let hasGivenUp = false;
  const timers = [
    setTimeout(
      () => notice('waiting for text on stdin … (use </dev/null if there is none)'),
      NOTICE_MS,
    ),
  ];
  if (isOptional) {
    const giveUp = () => {
      hasGivenUp = true;
      notice('no text on stdin after 5 seconds: continuing without it (- waits for it)');
      (stdin as NodeJS.ReadableStream & { destroy(): void }).destroy();
    };
    timers.push(setTimeout(giveUp, SILENCE_MS));
  }
  return {
    end: () => timers.forEach((timer) => clearTimeout(timer)),
    hasGivenUp: () => hasGivenUp,
  };
}

function decode(bytes: Buffer): string {
  const text = decodeText(bytes);
  if (text !== undefined) return text;
  throw new InvalidDataError('The text on stdin is not UTF-8.', {
    hint: 'Attach binary files with -f, and piped data with -f -.',
  });
}
