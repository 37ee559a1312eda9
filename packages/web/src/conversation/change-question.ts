import { signal } from '@preact/signals';
import { Problem } from '../api/problem.ts';
import { readDraft, writeDraft, type Draft } from '../state/draft.ts';
import { newId } from '../state/new-id.ts';
import { tellProblem } from '../state/notices.ts';
import type { Conversation } from './conversation.ts';
import type { Turn } from './turns.ts';

/** Rises when a draft was changed outside of the composer, which then reads it again. */
export const draftVersion = signal(0);

/** Takes the last turn back and puts its question into the composer; the turn stays stored. */
export async function editQuestion(conversation: Conversation, turn: Turn): Promise<void> {
  try {
    await conversation.undo(turn.turn);
    putIntoDraft(conversation.id, contentOf(turn));
  } catch (error) {
    tellProblem(error);
  }
}

/** Asks the same question again; the answer before stays stored, outside of the conversation. */
export async function askAgain(conversation: Conversation, turn: Turn): Promise<void> {
  const { text, attachments } = contentOf(turn);
  const id = newId();
  try {
    await conversation.undo(turn.turn);
    await conversation.ask({
      ...{ id, text },
      ...(attachments.length > 0 && { attachments: attachments.map(toReference) }),
    });
  } catch (error) {
    // Nobody knows whether it arrived: sent again, it is still one question.
    const isUnknown = error instanceof Problem && error.isTemporary;
    putIntoDraft(conversation.id, { text, attachments }, isUnknown ? id : null);
    tellProblem(error);
  }
}

/** In front of what was typed already, which stays. */
function putIntoDraft(
  sessionId: string,
  content: Pick<Draft, 'text' | 'attachments'>,
  sentAs: string | null = null,
): void {
  const draft = readDraft(sessionId);
  const isAlone = draft.text === '' && draft.attachments.length === 0;
  const texts = [content.text, draft.text].filter((text) => text !== '');
  const attachments = [...content.attachments, ...draft.attachments];
  writeDraft(sessionId, {
    ...draft,
    text: texts.join('\n\n'),
    attachments,
    sentAs: isAlone ? sentAs : null,
  });
  draftVersion.value += 1;
}

export function toReference({ sha256, name }: { sha256: string; name: string | null }) {
  return { sha256, ...(name !== null && { name }) };
}

function contentOf({ question }: Turn) {
  const parts = question?.parts ?? [];
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
  const attachments = parts.flatMap((part) =>
    part.type === 'image' || part.type === 'file' ? [part.attachment] : [],
  );
  return { text, attachments };
}
