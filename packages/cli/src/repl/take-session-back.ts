import type { Repl } from './repl.ts';
import { showMessages } from './show-messages.ts';

const MOST_SHOWN = 10;

/** Continues here what another process has continued, and shows what it has added. */
export async function takeSessionBack({
  conversation,
  display,
  wait,
}: Pick<Repl, 'conversation' | 'display' | 'wait'>): Promise<void> {
  const lastSeq = await wait('waiting until the other process has finished …', (signal) =>
    conversation.takeBack({ patienceMs: Infinity, signal }),
  );
  const newest = await conversation.newest(MOST_SHOWN);
  const added = newest.filter(({ seq }) => seq > lastSeq);
  if (added.length === 0) return;
  display.notify('added by the other process:');
  display.print(await showMessages(added, display));
}
