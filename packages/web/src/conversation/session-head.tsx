import { useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import type { MessagesPage } from '../api/types.ts';
import { SidebarButton } from '../frame/sidebar-button.tsx';
import { go, sessionPath } from '../router.ts';
import { RenameField } from '../sidebar/rename-field.tsx';
import { SessionMenu } from '../sidebar/session-menu.tsx';
import { nameOf } from '../state/sessions.ts';
import { tellProblem } from '../state/notices.ts';
import type { Conversation } from './conversation.ts';
import { toDollars } from './figures.ts';

/** The name of the session, what it cost, and the index of its questions. */
export function SessionHead({ conversation }: { conversation: Conversation }) {
  const [isRenaming, setRenaming] = useState(false);
  const session = conversation.session.value;
  return (
    <header class="session-head">
      <SidebarButton />
      {session && isRenaming ? (
        <RenameField session={session} onEnd={() => setRenaming(false)} />
      ) : (
        <h1>
          <bdi>{session ? nameOf(session) : '…'}</bdi>
        </h1>
      )}
      {session && (
        <>
          <small class="session-figures">
            {session.turnCount} {session.turnCount === 1 ? 'turn' : 'turns'}
            {session.totalTokens > 0 && ` · ${toDollars(session.costUsd)}`}
          </small>
          <QuestionIndex id={session.id} />
          <SessionMenu session={session} onRename={() => setRenaming(true)} />
        </>
      )}
    </header>
  );
}

const PAGE = 500;

interface Entry {
  id: string;
  text: string;
}

/** Every question of the session, a page of messages at a time, when it is opened. */
function QuestionIndex({ id }: { id: string }) {
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const load = async (after: string | null) => {
    const page = await get<MessagesPage>(`/api/sessions/${id}/messages`, {
      ...{ limit: PAGE, from: 'start' },
      ...(after !== null && { cursor: after }),
    });
    const found = page.items
      .filter(({ role }) => role === 'user')
      .map(({ id: messageId, parts }) => ({
        id: messageId,
        text: parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' '),
      }));
    setEntries((before) => (after === null ? found : [...(before ?? []), ...found]));
    setCursor(page.newerCursor);
  };
  return (
    <details
      class="menu question-index"
      onToggle={({ currentTarget }) => {
        if (currentTarget.open) void load(null).catch(tellProblem);
      }}
    >
      <summary>Questions</summary>
      <ol class="menu-items">
        {entries === null && <li>Loading …</li>}
        {entries?.length === 0 && <li>No questions yet.</li>}
        {entries?.map((entry) => (
          <li key={entry.id}>
            <button
              onClick={({ currentTarget }) => {
                currentTarget.closest('details')?.removeAttribute('open');
                go(sessionPath(id, entry.id));
              }}
            >
              <bdi>{entry.text.slice(0, 120) || 'Attachments'}</bdi>
            </button>
          </li>
        ))}
        {cursor !== null && (
          <li>
            <button onClick={() => void load(cursor).catch(tellProblem)}>More questions</button>
          </li>
        )}
      </ol>
    </details>
  );
}
