import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { SidebarButton } from '../frame/sidebar-button.tsx';
import { sessionCommands } from '../frame/commands.ts';
import { describeProblem, tellProblem } from '../state/notices.ts';
import { AnswerStatus } from './answer-status.tsx';
import { ApprovalView } from './approval-view.tsx';
import { commandsOf } from './commands-of.ts';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.ts';
import { SessionHead } from './session-head.tsx';
import { TurnView } from './turn-view.tsx';

/** The session of an address; the view of another session is another component. */
export function ConversationView({ id, at }: { id: string; at: string | null }) {
  const conversation = useMemo(() => new Conversation(id), [id]);
  useEffect(() => () => conversation.close(), [conversation]);
  useEffect(() => {
    void conversation.load(at ?? undefined);
  }, [conversation, at]);
  useEffect(() => {
    sessionCommands.value = commandsOf(conversation);
    return () => {
      sessionCommands.value = [];
    };
  }, [conversation]);
  const { problem, isLoaded, run } = conversation;
  if (problem.value !== null && !isLoaded.value) {
    return (
      <section class="page-view">
        <header class="session-head">
          <SidebarButton />
          <h1>This session can’t be shown</h1>
        </header>
        <p role="alert">
          {describeProblem(problem.value).text} {describeProblem(problem.value).hint}
        </p>
        <button onClick={() => void conversation.load()}>Try again</button>
      </section>
    );
  }
  return (
    <div class="conversation">
      <SessionHead conversation={conversation} />
      <Transcript conversation={conversation} at={at} />
      <AnswerStatus conversation={conversation} />
      <Composer
        sessionId={id}
        isBusy={run.value !== null}
        onStop={() => void conversation.stop()}
        ask={(question) => conversation.ask(question)}
        context={conversation.context.value}
        usualModel={conversation.session.value?.model ?? null}
      />
    </div>
  );
}

/** Near enough to the end that the reader wants to see what is added. */
const NEAR_PX = 80;

function Transcript({ conversation, at }: { conversation: Conversation; at: string | null }) {
  const place = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const { turns, run, answer, isLoaded, approvals, hasOlder, hasNewer } = conversation;
  const shown = turns.value;
  const firstKey = shown[0]?.key;
  const before = useRef<{ firstKey: string | undefined; height: number }>({
    firstKey: undefined,
    height: 0,
  });
  useLayoutEffect(() => {
    const view = place.current;
    if (!view) return;
    // Older turns that were put in front must not move what is read.
    if (
      before.current.firstKey !== firstKey &&
      view.scrollTop < NEAR_PX &&
      before.current.height > 0
    ) {
      view.scrollTop += view.scrollHeight - before.current.height;
    } else if (isAtEnd.current && at === null) {
      view.scrollTop = view.scrollHeight;
    }
    before.current = { firstKey, height: view.scrollHeight };
  }, [shown, answer.value, approvals.value, firstKey]);
  useEffect(() => {
    if (!isLoaded.value || at === null) return;
    const message = document.getElementById(`message-${at}`);
    message?.scrollIntoView({ block: 'center' });
    message?.focus({ preventScroll: true });
  }, [isLoaded.value, at]);
  const onScroll = () => {
    const view = place.current;
    if (!view) return;
    const rest = view.scrollHeight - view.scrollTop - view.clientHeight;
    isAtEnd.current = rest < NEAR_PX;
    if (view.scrollTop < view.clientHeight) void conversation.loadOlder().catch(() => undefined);
    if (rest < view.clientHeight) void conversation.loadNewer().catch(() => undefined);
  };
  return (
    <div
      {...{ class: 'transcript', ref: place, onScroll, tabIndex: 0 }}
      role="log"
      aria-label="Transcript"
      aria-live="off"
      aria-busy={run.value !== null}
    >
      {!isLoaded.value && <p class="view-state">Loading the session …</p>}
      {isLoaded.value && shown.length === 0 && (
        <p class="view-state">Nothing was asked in this session yet.</p>
      )}
      {hasOlder.value && (
        <button class="more" onClick={() => void conversation.loadOlder().catch(tellProblem)}>
          Earlier messages
        </button>
      )}
      {shown.map((turn, index) => (
        <TurnView
          key={turn.key}
          turn={turn}
          blocks={turn.isLive ? answer.value.blocks : turn.blocks}
          conversation={conversation}
          isLast={index === shown.length - 1 && !hasNewer.value}
          target={at}
        />
      ))}
      {approvals.value.map((approval) => (
        <ApprovalView
          key={approval.id}
          approval={approval}
          decide={(choice) => void conversation.decide(approval, choice)}
        />
      ))}
      {hasNewer.value && (
        <button class="more" onClick={() => void conversation.loadNewer().catch(tellProblem)}>
          Later messages
        </button>
      )}
    </div>
  );
}
