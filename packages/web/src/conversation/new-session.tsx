import { useRef } from 'preact/hooks';
import { post } from '../api/client.ts';
import type { Run } from '../api/types.ts';
import { SidebarButton } from '../frame/sidebar-button.tsx';
import { go, sessionPath } from '../router.ts';
import { newId } from '../state/new-id.ts';
import { loadSessions } from '../state/sessions.ts';
import { readStored, writeStored } from '../state/stored.ts';
import { Composer } from './composer.tsx';
import type { Question } from './conversation.ts';

/** An empty page with a composer; the first question makes the session. */
export function NewSession() {
  // Kept until the question is stored, so that a second attempt makes no second session.
  const id = useRef(readStored('new-session') ?? newId());
  const ask = async (question: Question) => {
    writeStored('new-session', id.current);
    await post('/api/sessions', { id: id.current });
    await post<Run>(`/api/sessions/${id.current}/runs`, question);
    writeStored('new-session', null);
    void loadSessions();
    go(sessionPath(id.current));
  };
  return (
    <div class="conversation">
      <header class="session-head">
        <SidebarButton />
        <h1>New session</h1>
      </header>
      <div class="transcript">
        <p class="view-state">
          Ask something. The session is kept here and in the terminal: <code>synapse -r</code>{' '}
          continues it there.
        </p>
      </div>
      <Composer {...{ sessionId: 'new', isBusy: false, ask, context: null, usualModel: null }} />
    </div>
  );
}
