import type { Session, SessionStore, TurnChoice } from '@synapse/core';
import {
  isCounted,
  messagePages,
  messageToJson,
  refuseMissing,
  sessionToJson,
} from '@synapse/portability';

/** A whole session as one line of JSON, page by page: it may be larger than the memory. */
export async function* wholeSessionJson(
  sessions: SessionStore,
  session: Session,
  turns: TurnChoice,
): AsyncGenerator<string> {
  yield `{"v":1,"session":${JSON.stringify(sessionToJson(session))},"messages":[`;
  let separator = '';
  let readCount = 0;
  for await (const page of messagePages(sessions, session.id, { turns })) {
    readCount += page.filter(isCounted).length;
    for (const message of page) {
      yield separator + JSON.stringify(messageToJson(message));
      separator = ',';
    }
  }
  await refuseMissing(sessions, session, readCount);
  yield '],"nextCursor":null}\n';
}
