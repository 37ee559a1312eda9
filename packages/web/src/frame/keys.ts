import { useEffect } from 'preact/hooks';
import { commands, isPaletteOpen, sessionCommands } from './commands.ts';

/** Runs the command of a key, wherever the focus is. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isPaletteOpen.value || event.defaultPrevented || event.isComposing) return;
      // A key that is held down must not approve the next tool call, too.
      if (event.repeat) return;
      const pressed = nameKeys(event);
      const command = [...sessionCommands.value, ...commands].find(({ keys }) => keys === pressed);
      if (command && command.run() !== false) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** `Ctrl+k`; the command key of a Mac counts as Ctrl. */
function nameKeys({ ctrlKey, metaKey, altKey, key, code }: KeyboardEvent): string {
  if (ctrlKey || metaKey) return `Ctrl+${key.toLowerCase()}`;
  // With Alt, many layouts write another letter.
  const letter = /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
  return altKey ? `Alt+${letter ?? (code === 'Slash' ? '/' : key)}` : key;
}
