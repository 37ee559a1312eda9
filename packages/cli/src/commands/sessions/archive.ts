import type { Session, Store } from '@synapse/core';
import { ChangeSessionsCommand } from '../../sessions/change-sessions-command.ts';

export default class SessionsArchive extends ChangeSessionsCommand {
  static override summary = 'hide sessions from the list, but keep them';
  static override examples = [
    'synapse sessions archive my-project',
    'synapse sessions archive last --json',
  ];

  protected readonly done = 'archived';

  protected change({ id }: Session, { sessions }: Store): Promise<Session> {
    return sessions.update(id, { archived: true });
  }
}
