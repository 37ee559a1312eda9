import { messagePages, textOf, type Message, type Session, type SessionStore } from '@synapse/core';
import { messageToJson, sessionToJson } from '../output/message-json.ts';

/** The text of a file that holds the session, piece by piece, however long it is. */
export async function* exportSession(
  sessions: SessionStore,
  session: Session,
  isJson: boolean,
): AsyncGenerator<string> {
  if (isJson) yield* toJson(sessions, session);
  else yield* toMarkdown(sessions, session);
}

async function* toJson(sessions: SessionStore, session: Session): AsyncGenerator<string> {
  yield `{"v":1,"sessions":[{"session":${JSON.stringify(sessionToJson(session))},"messages":[`;
  let separator = '';
  for await (const page of messagePages(sessions, session.id)) {
    for (const message of page) {
      yield `${separator}${JSON.stringify(messageToJson(message))}`;
      separator = ',\n';
    }
  }
  yield ']}]}\n';
}

async function* toMarkdown(sessions: SessionStore, session: Session): AsyncGenerator<string> {
  yield `# ${(session.title ?? session.id).replaceAll(/\s+/g, ' ')}\n`;
  for await (const page of messagePages(sessions, session.id)) {
    for (const message of page) yield toSection(message);
  }
}

function toSection({ role, model, status, parts }: Message): string {
  const title = { user: 'You', assistant: model ?? 'Assistant', tool: 'Tool' }[role];
  return `\n## ${title}${status === 'complete' ? '' : ` (${status})`}\n\n${textOf(parts).trim()}\n`;
}
