import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../api/types.ts';
import { editSession } from '../state/sessions.ts';

/** The name of a session; Enter or leaving it saves, Escape keeps the name before. */
export function RenameField({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const before = session.title ?? '';
  const save = (title: string) => {
    onEnd();
    if (title !== before) void editSession(session, { title: title || null });
  };
  return (
    <input
      {...{ class: 'rename', type: 'text', ref: field, 'aria-label': 'Name of the session' }}
      maxLength={200}
      defaultValue={before}
      onBlur={({ currentTarget }) => save(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.isComposing || !['Enter', 'Escape'].includes(event.key)) return;
        // Elsewhere, Escape stops the answer.
        event.preventDefault();
        if (event.key === 'Escape') event.currentTarget.value = before;
        event.currentTarget.blur();
      }}
    />
  );
}
