import type { Attachment } from '../api/types.ts';
import { onStored, readStored, writeStored } from './stored.ts';

/** What was typed for a session and is not stored by the server yet. */
export interface Draft {
  text: string;
  attachments: Attachment[];
  model: string;
  tools: string;
  /** The id of the question, once it was sent: sent again, it is still one question. */
  sentAs: string | null;
}

export const emptyDraft: Draft = { text: '', attachments: [], model: '', tools: '', sentAs: null };

/** `new` stands for the session that the first question makes. */
export function readDraft(sessionId: string): Draft {
  try {
    const kept = JSON.parse(readStored(`draft.${sessionId}`) ?? '{}') as Partial<Draft>;
    return { ...emptyDraft, ...kept };
  } catch {
    return emptyDraft;
  }
}

export function writeDraft(sessionId: string, draft: Draft): void {
  const { text, attachments, model, tools } = draft;
  const isEmpty = text === '' && attachments.length === 0 && model === '' && tools === '';
  writeStored(`draft.${sessionId}`, isEmpty ? null : JSON.stringify(draft));
}

/** Calls back when another tab has changed the draft. */
export function onDraft(sessionId: string, listener: (draft: Draft) => void): () => void {
  return onStored(`draft.${sessionId}`, () => listener(readDraft(sessionId)));
}
