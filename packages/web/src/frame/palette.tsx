import { useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { get } from '../api/client.ts';
import type { Page, Session } from '../api/types.ts';
import { go, sessionPath } from '../router.ts';
import { nameOf } from '../state/sessions.ts';
import { commands, isPaletteOpen, sessionCommands } from './commands.ts';

interface Entry {
  name: string;
  detail: string;
  run: () => unknown;
}

/** Commands and sessions by their names; Enter runs the marked one. */
export function Palette() {
  const dialog = useRef<HTMLDialogElement>(null);
  const words = useSignal('');
  const found = useSignal<readonly Session[]>([]);
  const marked = useSignal(0);
  useSignalEffect(() => {
    if (isPaletteOpen.value) dialog.current?.showModal();
    else dialog.current?.close();
  });
  useSignalEffect(() => {
    if (!isPaletteOpen.value) return;
    const text = words.value;
    get<Page<Session>>('/api/sessions', { text, limit: 20 })
      .then(({ items }) => {
        if (words.peek() === text) found.value = items;
      })
      .catch(() => undefined);
  });
  const wanted = words.value.toLowerCase();
  const actions: Entry[] = [...sessionCommands.value, ...commands]
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map(({ name, keys, run }) => ({ name, detail: keys, run }));
  const sessions = found.value.map((session) => ({
    name: nameOf(session),
    detail: 'session',
    run: () => go(sessionPath(session.id)),
  }));
  const entries: Entry[] = [
    ...(wanted === '' ? [...actions, ...sessions] : [...sessions, ...actions]),
    ...(words.value.trim() === ''
      ? []
      : [
          {
            name: `Search all messages for “${words.value}”`,
            detail: '',
            run: () => go(`/search?q=${encodeURIComponent(words.value)}`),
          },
        ]),
  ];
  const at = Math.min(marked.value, entries.length - 1);
  const close = () => {
    isPaletteOpen.value = false;
    words.value = '';
    marked.value = 0;
  };
  const choose = (entry: Entry | undefined) => {
    close();
    entry?.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      marked.value = (at + step + entries.length) % Math.max(1, entries.length);
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      choose(entries[at]);
    }
  };
  return (
    <dialog class="palette" aria-label="Palette" ref={dialog} onClose={close}>
      {isPaletteOpen.value && (
        <>
          <input
            {...{ type: 'text', role: 'combobox', autofocus: true, autocomplete: 'off' }}
            {...{ 'aria-expanded': true, 'aria-controls': 'palette-entries' }}
            aria-activedescendant={`palette-${at}`}
            aria-label="Command or session"
            placeholder="Command or session"
            value={words.value}
            onInput={({ currentTarget }) => {
              words.value = currentTarget.value;
              marked.value = 0;
            }}
            onKeyDown={onKeyDown}
          />
          <ul id="palette-entries" role="listbox" aria-label="Results">
            {entries.map((entry, index) => (
              <li
                {...{ key: `${entry.detail} ${entry.name} ${index}`, id: `palette-${index}` }}
                {...{ role: 'option', 'aria-selected': index === at }}
                onClick={() => choose(entry)}
              >
                <bdi>{entry.name}</bdi>
                <small>{entry.detail}</small>
              </li>
            ))}
          </ul>
        </>
      )}
    </dialog>
  );
}
