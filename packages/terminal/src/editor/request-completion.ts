import type { Completer, Completion } from './completion.ts';
import type { EditBuffer } from './edit-buffer.ts';

export interface CompletionRequests {
  /** Calls back with the answer, unless something else was asked or typed before it came. */
  ask(buffer: EditBuffer, onAnswer: (completion: Completion) => void): void;
  cancel(): void;
}

export function createCompletionRequests(
  complete: Completer,
  onWarning: (error: unknown) => void,
): CompletionRequests {
  let current = new AbortController();
  const cancel = () => current.abort();
  return {
    cancel,
    ask({ text, cursor }, onAnswer) {
      cancel();
      const { signal } = (current = new AbortController());
      const answer = async () => complete({ text, cursor, signal });
      answer().then(
        (completion) => {
          if (!signal.aborted) onAnswer(completion);
        },
        (error: unknown) => {
          if (!signal.aborted) onWarning(error);
        },
      );
    },
  };
}
