import { useState } from 'preact/hooks';
import type { Session } from '../api/types.ts';
import { place, sessionPath } from '../router.ts';
import { editSession, nameOf } from '../state/sessions.ts';
import { SessionMenu } from './session-menu.tsx';
import { isSidebarOpen } from './sidebar-state.ts';

export function SessionRow({ session }: { session: Session }) {
  const [isRenaming, setRenaming] = useState(false);
  const { path } = place.value;
  const isCurrent = path[0] === 'sessions' && path[1] === session.id;
  const name = nameOf(session);
  return (
    <li class="session-row">
      {isRenaming ? (
        <RenameField session={session} onEnd={() => setRenaming(false)} />
      ) : (
        <a
          href={`#${sessionPath(session.id)}`}
          aria-current={isCurrent ? 'page' : undefined}
          title={session.preview ?? undefined}
          onClick={() => (isSidebarOpen.value = false)}
        >
          <bdi>{name}</bdi>
          {session.tags.length > 0 && <small>{session.tags.join(' ')}</small>}
        </a>
      )}
      <SessionMenu session={session} onRename={() => setRenaming(true)} />
    </li>
  );
}

function RenameField({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const save = (value: string) => {
    onEnd();
    if (value !== (session.title ?? '')) void editSession(session, { title: value || null });
  };
  return (
    <input
      {...{ class: 'rename', type: 'text', autofocus: true, 'aria-label': 'Name of the session' }}
      maxLength={200}
      defaultValue={session.title ?? ''}
      ref={(field) => field?.focus()}
      onBlur={({ currentTarget }) => save(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') {
          event.currentTarget.value = session.title ?? '';
          event.currentTarget.blur();
        }
      }}
    />
  );
}
