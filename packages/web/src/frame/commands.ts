import { signal } from '@preact/signals';
import { go } from '../router.ts';
import { isSidebarOpen } from '../sidebar/sidebar-state.ts';

export interface Command {
  name: string;
  /** As `KeyboardEvent` names it, after `Ctrl+` or `Alt+`. */
  keys: string;
  /** False if there was nothing to do: then the key keeps its usual meaning. */
  run: () => unknown;
}

export const isPaletteOpen = signal(false);

/** What the open session can do; the view of a conversation fills it. */
export const sessionCommands = signal<readonly Command[]>([]);

export const commands: readonly Command[] = [
  { name: 'Open the palette', keys: 'Ctrl+k', run: () => (isPaletteOpen.value = true) },
  { name: 'New session', keys: 'Alt+n', run: () => go('/') },
  { name: 'Search all messages', keys: 'Alt+s', run: () => go('/search') },
  {
    name: 'Sessions, on a narrow screen',
    keys: 'Alt+b',
    run: () => (isSidebarOpen.value = !isSidebarOpen.value),
  },
  { name: 'Compare models', keys: 'Alt+c', run: () => go('/compare') },
  { name: 'Usage', keys: 'Alt+u', run: () => go('/usage') },
  { name: 'Settings', keys: 'Alt+,', run: () => go('/settings') },
  { name: 'Keyboard shortcuts', keys: 'Alt+/', run: () => go('/shortcuts') },
];

/** Of the open session; shown on the page of shortcuts, too. */
export const sessionKeys = [
  { name: 'Stop the answer', keys: 'Escape' },
  { name: 'Edit the last question', keys: 'Alt+e' },
  { name: 'Retry the last question', keys: 'Alt+r' },
  { name: 'Previous question', keys: 'Alt+ArrowUp' },
  { name: 'Next question', keys: 'Alt+ArrowDown' },
  { name: 'Approve the tool call once', keys: 'Alt+y' },
  { name: 'Reject the tool call', keys: 'Alt+x' },
  { name: 'Write a question', keys: 'Alt+w' },
] as const;
