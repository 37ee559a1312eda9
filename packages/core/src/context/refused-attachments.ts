import { ProviderError } from '../errors/provider-error.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Answerer } from '../providers/is-same-model.ts';
import type { PromptMessage } from '../session/message.ts';
import {
  attachmentsOf,
  isImage,
  type AttachmentReference,
  type Part,
  type RefusedMessage,
} from '../session/part.ts';
import { storeContext, type NoteWriter } from './context-note.ts';
import { readBackwards, findContext } from './read-context.ts';

const PAGE = 50;
const ABOUT_ATTACHMENTS =
  /image|picture|vision|visual|photo|document|\bpdf\b|\bfiles?\b|attachment|base64|media|modalit|content type|too large/i;

/**
 * If a provider refused a request because of attachments in the last turn, later requests leave
 * them out, because the provider would refuse those, too. If the last turn has none, the
 * attachments before it are left out: another model had accepted them. Returns what is left out.
 */
export async function noteRefused(
  writer: NoteWriter & { sessions: Pick<SessionStore, 'promptMessages'> },
  answerer: Answerer,
  failure: unknown,
): Promise<AttachmentReference[]> {
  if (!isAboutAttachments(failure)) return [];
  const { sessions, sessionId } = writer;
  const newest = await sessions.promptMessages(sessionId, { limit: PAGE });
  const turn = newest.findLast(({ role }) => role === 'user')?.turn;
  const { context } = await findContext(sessions, sessionId);
  const { refused = [] } = context;
  const isCarrying = ({ seq, parts }: PromptMessage) =>
    attachmentsOf(parts).length > 0 && !isRefused(seq, refused, answerer);
  let carrying = newest.filter((message) => message.turn === turn && isCarrying(message));
  if (carrying.length === 0) {
    const pages = readBackwards((page) => sessions.promptMessages(sessionId, page), { after: 0 });
    for await (const { messages } of pages)
      carrying = [...messages.filter(isCarrying), ...carrying];
  }
  if (carrying.length === 0) return [];
  const more = carrying.map(({ seq }): RefusedMessage => ({ seq, ...answerer }));
  await storeContext(writer, { ...context, refused: [...refused, ...more] });
  return carrying.flatMap(({ parts }) => attachmentsOf(parts));
}

/** The request itself was refused: not a rate limit, an outage or a wrong key. */
function isAboutAttachments(failure: unknown): boolean {
  if (!(failure instanceof ProviderError)) return false;
  const { reason, status, message } = failure;
  // Too many bytes: the request was still too large with fewer messages.
  if (reason === 'context-length') return status === 413;
  return reason === 'invalid-request' && (status === 415 || ABOUT_ATTACHMENTS.test(message));
}

/** The messages with notes in place of the attachments that this model refused. */
export function leaveOutRefused(
  messages: readonly PromptMessage[],
  refused: readonly RefusedMessage[] | undefined,
  answerer: Answerer,
): PromptMessage[] {
  if (refused === undefined) return [...messages];
  return messages.map((message) =>
    isRefused(message.seq, refused, answerer)
      ? { ...message, parts: message.parts.map(withoutAttachments) }
      : message,
  );
}

function isRefused(
  seq: number,
  refused: readonly RefusedMessage[],
  { provider, model }: Answerer,
): boolean {
  return refused.some((one) => one.seq === seq && one.provider === provider && one.model === model);
}

/** The messages with notes in place of images, for a model that is known to read none. */
export function leaveOutImages(messages: readonly PromptMessage[]): PromptMessage[] {
  return messages.map((message) =>
    imagesOf([message]).length === 0
      ? message
      : { ...message, parts: message.parts.map((part) => leaveOut(part, isImage, UNREADABLE)) },
  );
}

export function imagesOf(messages: readonly Pick<PromptMessage, 'parts'>[]): AttachmentReference[] {
  return messages.flatMap(({ parts }) => attachmentsOf(parts)).filter(isImage);
}

const REFUSED = 'was refused by the model and is left out';
const UNREADABLE = 'is left out, as the model reads no images';

function withoutAttachments(part: Part): Part {
  return leaveOut(part, () => true, REFUSED);
}

function leaveOut(part: Part, isOut: (one: AttachmentReference) => boolean, why: string): Part {
  if (part.type === 'image' || part.type === 'file') {
    const { type, attachment } = part;
    const isMeant = type === 'image' || isOut(attachment);
    return isMeant ? { type: 'text', text: note(type, attachment, why) } : part;
  }
  if (part.type !== 'tool-result' || !part.attachments?.some(isOut)) return part;
  const { attachments, ...result } = part;
  const kept = attachments.filter((one) => !isOut(one));
  const notes = attachments
    .filter(isOut)
    .map((one) => note(isImage(one) ? 'image' : 'file', one, why));
  const output = [part.output, ...notes].join('\n');
  return { ...result, output, ...(kept.length > 0 && { attachments: kept }) };
}

function note(
  kind: 'image' | 'file',
  { name, mediaType }: AttachmentReference,
  why: string,
): string {
  const called = name === null || name.trim() === '' ? `(${mediaType})` : `"${name}"`;
  return `[The ${kind} ${called} ${why}.]`;
}
