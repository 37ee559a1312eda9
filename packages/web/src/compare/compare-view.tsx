import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { AnswerText } from '../conversation/answer-text.tsx';
import type { LiveAnswer } from '../conversation/fold-run.ts';
import { ModelField } from '../conversation/model-field.tsx';
import { SidebarButton } from '../frame/sidebar-button.tsx';
import { place, sessionPath } from '../router.ts';
import { describeProblem } from '../state/notices.ts';
import { loadSessions } from '../state/sessions.ts';
import { compareRun } from './compare-run.ts';

const most = 4;

interface Column {
  model: string;
  sessionId: string | null;
  answer: LiveAnswer | null;
  problem: unknown;
}

/** Two to four models on one prompt; `?session=` asks it in forks of that session. */
export default function CompareView() {
  const models = useSignal<readonly string[]>(['', '']);
  const text = useSignal('');
  const columns = useSignal<readonly Column[]>([]);
  const isRunning = useSignal(false);
  const closing = useRef(new AbortController());
  useEffect(() => () => closing.current.abort(), []);
  const start = async () => {
    closing.current.abort();
    const { signal } = (closing.current = new AbortController());
    const sessionId = place.peek().query.get('session');
    const prompt = text.value;
    isRunning.value = true;
    columns.value = models.value.map((model) => ({
      ...{ model, sessionId: null, answer: null, problem: null },
    }));
    const change = (at: number, changed: Partial<Column>) => {
      if (signal.aborted) return;
      columns.value = columns.value.map((column, index) =>
        index === at ? { ...column, ...changed } : column,
      );
    };
    await Promise.all(
      models.value.map((model, at) =>
        compareRun({
          ...{ sessionId, model, text: prompt, signal },
          onAnswer: (id, answer) => change(at, { sessionId: id, answer }),
        }).catch((problem: unknown) => change(at, { problem })),
      ),
    );
    isRunning.value = false;
    void loadSessions();
  };
  const isReady =
    !isRunning.value && text.value.trim() !== '' && models.value.every((model) => model !== '');
  return (
    <section class="page-view compare">
      <header class="session-head">
        <SidebarButton />
        <h1>Compare models</h1>
      </header>
      <form
        class="compare-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void start();
        }}
      >
        <textarea
          aria-label="Prompt"
          rows={3}
          value={text.value}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        />
        <div class="choices">
          {models.value.map((model, at) => (
            <ModelField
              key={at}
              value={model}
              usual={`Model ${at + 1}`}
              onChange={(value) => (models.value = models.value.with(at, value))}
            />
          ))}
          {models.value.length < most && (
            <button type="button" onClick={() => (models.value = [...models.value, ''])}>
              Add a model
            </button>
          )}
          <button class="main-action" disabled={!isReady}>
            Compare
          </button>
        </div>
      </form>
      <div class="compare-columns">
        {columns.value.map((column, at) => (
          <ColumnView key={at} column={column} />
        ))}
      </div>
    </section>
  );
}

function ColumnView({ column: { model, sessionId, answer, problem } }: { column: Column }) {
  return (
    <section aria-label={model} aria-busy={answer?.state === 'active'}>
      <h2>{model}</h2>
      {answer?.blocks.map((block, index) => {
        if (block.kind === 'text') {
          return <AnswerText key={index} text={block.text} isOpen={block.isOpen} />;
        }
        return block.kind === 'problem' ? (
          <p key={index} class="problem">
            {block.text}
          </p>
        ) : null;
      })}
      {problem !== null && <p class="problem">{describeProblem(problem).text}</p>}
      {sessionId !== null && (
        <p>
          <a href={`#${sessionPath(sessionId)}`}>Continue with {model}</a>
        </p>
      )}
    </section>
  );
}
