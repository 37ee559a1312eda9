import { useRef, useState } from 'preact/hooks';
import { post, readBlob } from '../api/client.ts';
import type { Session } from '../api/types.ts';
import { saveFile } from '../frame/save-file.ts';
import { SureButton } from '../frame/sure-button.tsx';
import { go, sessionPath } from '../router.ts';
import { newId } from '../state/new-id.ts';
import { tellProblem } from '../state/notices.ts';
import {
  editSession,
  loadSessions,
  nameOf,
  purgeSession,
  restoreSession,
  trashSession,
} from '../state/sessions.ts';

/** What can be done with a session, from its row or from its head. */
export function SessionMenu({ session, onRename }: { session: Session; onRename: () => void }) {
  const details = useRef<HTMLDetailsElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    if (details.current) details.current.open = false;
  };
  const leave = ({ relatedTarget }: FocusEvent) => {
    if (!details.current?.contains(relatedTarget as Node | null)) close();
  };
  const name = nameOf(session);
  return (
    <details
      {...{ class: 'menu', ref: details }}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      onFocusOut={leave}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.preventDefault();
        close();
        details.current?.querySelector('summary')?.focus();
      }}
    >
      <summary aria-label={`Actions for ${name}`}>⋯</summary>
      {isOpen && (
        <div class="menu-items" onClick={close}>
          {session.deletedAt === null ? (
            <LivingActions session={session} onRename={onRename} />
          ) : (
            <>
              <button onClick={() => void restoreSession(session)}>Restore</button>
              <SureButton
                {...{ verb: 'Delete', target: name, onSure: () => void purgeSession(session) }}
              />
            </>
          )}
        </div>
      )}
    </details>
  );
}

function LivingActions({ session, onRename }: { session: Session; onRename: () => void }) {
  const { pinned, archived } = session;
  return (
    <>
      <button onClick={onRename}>Rename</button>
      <TagField session={session} />
      <button onClick={() => void editSession(session, { pinned: !pinned })}>
        {pinned ? 'Unpin' : 'Pin'}
      </button>
      <button onClick={() => void editSession(session, { archived: !archived })}>
        {archived ? 'Unarchive' : 'Archive'}
      </button>
      <button onClick={() => void forkSession(session)}>Fork</button>
      <button onClick={() => go(`/compare?session=${session.id}`)}>Compare models</button>
      <button onClick={() => void exportSession(session, 'markdown')}>Export as Markdown</button>
      <button onClick={() => void exportSession(session, 'json')}>Export as JSON</button>
      <button onClick={() => void trashSession(session)}>Move to the trash</button>
    </>
  );
}

/** Words with spaces between them: the tags that the session shall have. */
function TagField({ session }: { session: Session }) {
  const save = (text: string) => {
    const wanted = text.split(/[\s,]+/).filter((word) => word !== '');
    const addTags = wanted.filter((tag) => !session.tags.includes(tag));
    const removeTags = session.tags.filter((tag) => !wanted.includes(tag));
    if (addTags.length + removeTags.length > 0) void editSession(session, { addTags, removeTags });
  };
  return (
    <label class="tag-field" onClick={(event) => event.stopPropagation()}>
      Tags
      <input
        {...{ type: 'text', autocomplete: 'off' }}
        defaultValue={session.tags.join(' ')}
        onChange={({ currentTarget }) => save(currentTarget.value)}
      />
    </label>
  );
}

export async function forkSession(session: Session, throughMessageId?: string): Promise<void> {
  const id = newId();
  try {
    await post(`/api/sessions/${session.id}/fork`, {
      id,
      ...(throughMessageId !== undefined && { throughMessageId }),
    });
    go(sessionPath(id));
    await loadSessions();
  } catch (error) {
    tellProblem(error);
  }
}

async function exportSession(session: Session, format: 'markdown' | 'json'): Promise<void> {
  try {
    const bytes = await readBlob(`/api/sessions/${session.id}/export?format=${format}`);
    saveFile(bytes, `${session.handle ?? session.id}.${format === 'json' ? 'json' : 'md'}`);
  } catch (error) {
    tellProblem(error);
  }
}
