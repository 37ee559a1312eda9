import type { Message, SessionStore } from '@synapse/core';

const PAGE = 500;

/** The messages that an undo would take out of the conversation. */
export async function pickLastTurn(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
): Promise<Message[]> {
  let picked: Message[] = [];
  for (;;) {
    const page = await sessions.messages(sessionId, { limit: PAGE, before: picked[0]?.seq });
    const turn = picked.at(-1)?.turn ?? page.at(-1)?.turn;
    const same = page.filter((message) => message.turn === turn);
    picked = [...same, ...picked];
    if (same.length < PAGE) return picked;
  }
}
