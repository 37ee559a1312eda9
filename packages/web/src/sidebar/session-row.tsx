import { useState } from 'preact/hooks';
import type { Session } from '../api/types.ts';
import { place, sessionPath } from '../router.ts';
import { nameOf } from '../state/sessions.ts';
import { RenameField } from './rename-field.tsx';
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
