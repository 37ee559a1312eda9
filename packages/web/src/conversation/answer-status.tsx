import { useEffect, useRef, useState } from 'preact/hooks';
import { textOfBlocks } from './blocks.ts';
import type { Conversation } from './conversation.ts';

const MOST_SPOKEN = 2000;

/**
 * For screen readers: "Answering", and then the answer once. The transcript itself says nothing while
 * it grows, because it would read every piece.
 */
export function AnswerStatus({ conversation }: { conversation: Conversation }) {
  const { run, approvals, answer, turns } = conversation;
  const wasBusy = useRef(false);
  const [spoken, setSpoken] = useState('');
  const isBusy = run.value !== null;
  const asks = approvals.value[0]?.question.tool;
  useEffect(() => {
    if (asks !== undefined) setSpoken(`Waiting for your approval of ${asks}`);
    else if (isBusy) setSpoken('Answering');
    else if (wasBusy.current) {
      const text = textOfBlocks(turns.value.at(-1)?.blocks ?? []);
      setSpoken(text.length > MOST_SPOKEN ? `${text.slice(0, MOST_SPOKEN)} …` : text);
    }
    wasBusy.current = isBusy;
  }, [isBusy, asks]);
  const isThinking = isBusy && answer.value.blocks.length === 0;
  return (
    <>
      <div class="for-readers" role="status">
        {spoken}
      </div>
      <p class="activity" aria-hidden="true">
        {isBusy &&
          (asks === undefined
            ? isThinking
              ? 'Waiting for the model …'
              : 'Answering …'
            : 'Waiting for you')}
      </p>
    </>
  );
}
