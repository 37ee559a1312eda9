import { follow } from '../api/follow.ts';
import { post } from '../api/client.ts';
import type { Run } from '../api/types.ts';
import { emptyAnswer, foldRun, type LiveAnswer } from '../conversation/fold-run.ts';
import { newId } from '../state/new-id.ts';

export interface Comparison {
  /** A session to fork for each model; null begins new ones. */
  sessionId: string | null;
  model: string;
  text: string;
  signal: AbortSignal;
  onAnswer: (sessionId: string, answer: LiveAnswer) => void;
}

/** Asks one model in a session of its own, which can be continued, and follows its answer to the end. */
export async function compareRun(comparison: Comparison): Promise<void> {
  const { sessionId, model, text, signal, onAnswer } = comparison;
  const id = newId();
  const path =
    sessionId === null ? '/api/sessions' : `/api/sessions/${encodeURIComponent(sessionId)}/fork`;
  await post(path, { id });
  const run = await post<Run>(`/api/sessions/${id}/runs`, { id: newId(), text, model });
  let answer = emptyAnswer;
  onAnswer(id, answer);
  await follow({
    path: (position) => `/api/runs/${run.id}/events?after=${position ?? 0}`,
    onEvent(event) {
      answer = foldRun(answer, event);
      onAnswer(id, answer);
      return event.type !== 'run-ended';
    },
    signal,
  });
}
