import { memo } from 'preact/compat';
import type { Block } from './blocks.ts';
import { textOfBlocks } from './blocks.ts';
import { AnswerText } from './answer-text.tsx';
import { AttachmentView } from './attachment-view.tsx';
import type { Conversation } from './conversation.ts';
import { sumFigures, toCount, toDollars } from './figures.ts';
import { askAgain, editQuestion } from './change-question.ts';
import { ToolView } from './tool-view.tsx';
import type { Turn } from './turns.ts';
import { CopyButton } from '../frame/copy-button.tsx';
import { forkSession } from '../sidebar/session-menu.tsx';

interface TurnProps {
  turn: Turn;
  blocks: readonly Block[];
  conversation: Conversation;
  isLast: boolean;
  /** The message that was searched for. */
  target: string | null;
}

/** A question with its answers. */
export const TurnView = memo(function TurnView(props: TurnProps) {
  const { turn, blocks, conversation, isLast, target } = props;
  const { question, answers } = turn;
  return (
    <article class="turn" aria-label={question ? 'Question and answer' : 'Messages'}>
      {question && (
        <div
          {...{ class: question.id === target ? 'question is-target' : 'question', tabIndex: -1 }}
          id={`message-${question.id}`}
        >
          <QuestionParts message={question} sessionId={conversation.id} />
          {!turn.isLive && isLast && (
            <p class="actions">
              <button onClick={() => void editQuestion(conversation, turn)}>Edit</button>
              <button onClick={() => void askAgain(conversation, turn)}>Retry</button>
            </p>
          )}
        </div>
      )}
      <div class={answers.some(({ id }) => id === target) ? 'answer is-target' : 'answer'}>
        {answers.map(({ id }) => (
          <span {...{ key: id, id: `message-${id}`, class: 'anchor', tabIndex: -1 }} />
        ))}
        {blocks.map((block, index) => (
          <BlockView key={index} block={block} sessionId={conversation.id} />
        ))}
        {!turn.isLive && answers.length > 0 && (
          <AnswerFoot turn={turn} blocks={blocks} conversation={conversation} />
        )}
      </div>
    </article>
  );
});

function QuestionParts({
  message,
  sessionId,
}: {
  message: NonNullable<Turn['question']>;
  sessionId: string;
}) {
  return (
    <>
      {message.parts.map((part, index) => {
        if (part.type === 'text') {
          return (
            <p class="plain-text" dir="auto" key={index}>
              {part.text}
            </p>
          );
        }
        if (part.type !== 'image' && part.type !== 'file') return null;
        return (
          <AttachmentView
            {...{ key: index, sessionId, messageId: message.id, attachment: part.attachment }}
          />
        );
      })}
    </>
  );
}

const BlockView = memo(function BlockView({
  block,
  sessionId,
}: {
  block: Block;
  sessionId: string;
}) {
  switch (block.kind) {
    case 'text':
      return <AnswerText text={block.text} isOpen={block.isOpen} />;
    case 'reasoning':
      return block.text.trim() === '' ? null : (
        <details class="reasoning">
          <summary>{block.isOpen ? 'Reasoning …' : 'Reasoning'}</summary>
          <div class="plain-text" dir="auto">
            {block.text}
          </div>
        </details>
      );
    case 'tool':
      return <ToolView tool={block} sessionId={sessionId} />;
    case 'notice':
      return <p class="remark">{block.text}</p>;
    case 'problem':
      return <p class="remark is-problem">{block.text}</p>;
  }
});

function AnswerFoot({
  turn,
  blocks,
  conversation,
}: Pick<TurnProps, 'turn' | 'blocks' | 'conversation'>) {
  const figures = sumFigures(turn.answers);
  const last = turn.answers.at(-1);
  const session = conversation.session.value;
  return (
    <footer class="answer-foot">
      {figures && (
        <span>
          {figures.model} · {toCount(figures.inputTokens)} in, {toCount(figures.outputTokens)} out ·{' '}
          {toDollars(figures.costUsd)}
          {figures.seconds > 0 && ` · ${figures.seconds.toFixed(1)} s`}
        </span>
      )}
      <span class="actions">
        <CopyButton label="Copy" text={() => textOfBlocks(blocks)} />
        {last && session && (
          <button onClick={() => void forkSession(session, last.id)}>Fork from here</button>
        )}
      </span>
    </footer>
  );
}
