import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { get, upload } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import type { Attachment, ContextReport, Run } from '../api/types.ts';
import { emptyDraft, onDraft, readDraft, writeDraft, type Draft } from '../state/draft.ts';
import { newId } from '../state/new-id.ts';
import { describeProblem, tellProblem } from '../state/notices.ts';
import { draftVersion, toReference } from './change-question.ts';
import type { Question } from './conversation.ts';
import { ContextMeter } from './context-meter.tsx';
import { ModelField } from './model-field.tsx';

interface ComposerProps {
  /** `new` for the session that the question will make. */
  sessionId: string;
  isBusy: boolean;
  onStop?: () => void;
  /** Rejects with a Problem if the question was not stored. */
  ask: (question: Question) => Promise<void>;
  context: ContextReport | null;
  usualModel: string | null;
}

/** The question and what goes with it. Everything is kept in this browser until the server has it. */
export function Composer(props: ComposerProps) {
  const { sessionId, isBusy, onStop, ask, context, usualModel } = props;
  const draft = useSignal<Draft>(emptyDraft);
  const problem = useSignal<unknown>(null);
  const isSending = useSignal(false);
  const uploadCount = useSignal(0);
  const field = useRef<HTMLTextAreaElement>(null);
  // What was sent already is one question; a changed one is another.
  const change = (part: Partial<Draft>) => {
    draft.value = { ...draft.value, sentAs: null, ...part };
    writeDraft(sessionId, draft.value);
  };

  useEffect(() => {
    draft.value = readDraft(sessionId);
    // A session may open while the user types in another field, or has a menu open.
    if (!document.activeElement?.matches('input, textarea, button, summary')) {
      field.current?.focus({ preventScroll: true });
    }
    const { sentAs } = draft.value;
    // The page went away before the reply came: the server knows whether it has the question.
    if (sentAs !== null) {
      void forgetIfStored(sentAs, () => {
        if (draft.value.sentAs === sentAs) change(emptyContent);
      });
    }
    // Two tabs show one draft, so that neither overwrites what was typed in the other.
    return onDraft(sessionId, (changed) => (draft.value = changed));
  }, [sessionId, draftVersion.value]);

  const send = async (isTakingOver = false) => {
    const { text, attachments, model, tools } = draft.value;
    if (isSending.value || isBusy || uploadCount.value > 0) return;
    if (text.trim() === '' && attachments.length === 0) return;
    isSending.value = true;
    problem.value = null;
    const id = draft.value.sentAs ?? newId();
    change({ sentAs: id });
    try {
      await ask({
        ...{ id, text },
        ...(attachments.length > 0 && { attachments: attachments.map(toReference) }),
        ...(model !== '' && { model }),
        ...(tools !== '' && { tools }),
        ...(isTakingOver && { takeOver: true }),
      });
      // What was typed or attached while it was sent stays.
      const sent = new Set(attachments.map(({ sha256 }) => sha256));
      change({
        ...(draft.value.text === text && { text: '' }),
        attachments: draft.value.attachments.filter(({ sha256 }) => !sent.has(sha256)),
        ...(sessionId === 'new' && { model: '', tools: '' }),
      });
    } catch (error) {
      problem.value = error;
      // The server refused it, so it may be changed; otherwise nobody knows whether it arrived.
      if (error instanceof Problem && !error.isTemporary) change({});
    } finally {
      isSending.value = false;
    }
  };

  const attach = async (files: readonly File[]) => {
    for (const file of files) {
      uploadCount.value += 1;
      try {
        const stored = await upload<Attachment>('/api/attachments', file, { name: file.name });
        change({ attachments: [...draft.value.attachments, stored] });
      } catch (error) {
        tellProblem(error);
      } finally {
        uploadCount.value -= 1;
      }
    }
  };

  const { text, attachments, model, tools } = draft.value;
  return (
    <form
      class="composer"
      aria-label="Question"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void attach([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {problem.value !== null && (
        <NotSent
          problem={problem.value}
          again={() => void send()}
          takeOver={() => void send(true)}
        />
      )}
      {attachments.length > 0 && (
        <ul class="uploads" aria-label="Attachments">
          {attachments.map(({ sha256, name }) => (
            <li key={sha256}>
              <bdi>{name ?? sha256.slice(0, 12)}</bdi>
              <button
                {...{ type: 'button', 'aria-label': `Remove ${name ?? 'the attachment'}` }}
                onClick={() =>
                  change({ attachments: attachments.filter((one) => one.sha256 !== sha256) })
                }
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <textarea
        {...{ id: 'question', ref: field, rows: 2, dir: 'auto', 'aria-label': 'Your question' }}
        placeholder="Ask, or paste or drop files"
        value={text}
        onInput={({ currentTarget }) => change({ text: currentTarget.value })}
        onPaste={(event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          if (files.length === 0) return;
          event.preventDefault();
          void attach(files);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <div class="composer-bar">
        <label class="attach">
          Attach
          <input
            {...{ type: 'file', multiple: true }}
            onChange={({ currentTarget }) => {
              void attach([...(currentTarget.files ?? [])]);
              currentTarget.value = '';
            }}
          />
        </label>
        <ModelField
          value={model}
          usual={usualModel}
          onChange={(value) => change({ model: value })}
        />
        <select
          {...{ 'aria-label': 'Tools', title: 'Tools that the model may call', value: tools }}
          onChange={({ currentTarget }) => change({ tools: currentTarget.value })}
        >
          <option value="">Default tools</option>
          <option value="none">No tools</option>
          <option value="read">Reading tools</option>
          <option value="plan">Planning</option>
          <option value="all">All tools</option>
        </select>
        {context && <ContextMeter report={context} />}
        <span class="composer-state" role="status">
          {uploadCount.value > 0 && 'Uploading …'}
          {isSending.value && 'Sending …'}
        </span>
        {isBusy ? (
          <button type="button" class="main-action" onClick={onStop}>
            Stop
          </button>
        ) : (
          <button class="main-action" disabled={isSending.value || uploadCount.value > 0}>
            Send
          </button>
        )}
      </div>
    </form>
  );
}

const emptyContent = { text: '', attachments: [] };

async function forgetIfStored(questionId: string, forget: () => void): Promise<void> {
  try {
    await get<Run>(`/api/runs/${questionId}`);
    forget();
  } catch {
    // It was not stored, or the server does not answer: the draft stays.
  }
}

function NotSent({
  problem,
  again,
  takeOver,
}: {
  problem: unknown;
  again: () => void;
  takeOver: () => void;
}) {
  const { text, hint } = describeProblem(problem);
  const holder = problem instanceof Problem ? problem.holder : undefined;
  return (
    <p class="problem" role="alert">
      {holder
        ? `Another program on ${holder.host} has this session open.`
        : `${text} ${hint ?? ''}`}{' '}
      {holder && (
        <button type="button" onClick={takeOver}>
          Continue here
        </button>
      )}
      <button type="button" onClick={again}>
        Send again
      </button>
    </p>
  );
}
