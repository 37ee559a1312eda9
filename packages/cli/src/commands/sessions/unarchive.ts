import type { Session, Store } from '@synapse/core';
import { ChangeSessionsCommand } from '../../sessions/change-sessions-command.ts';

export default class SessionsUnarchive extends ChangeSessionsCommand {
  static override summary = 'put archived sessions back into the list';
  static override examples = [
    'synapse sessions unarchive my-project',
    'synapse sessions unarchive last --json',
  ];

  protected readonly done = 'unarchived';

  protected change({ id }: Session, { sessions }: Store): Promise<Session> {
    return sessions.update(id, { archived: false });
  }
}
