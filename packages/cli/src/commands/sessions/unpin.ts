import type { Session, Store } from '@synapse/core';
import { ChangeSessionsCommand } from '../../sessions/change-sessions-command.ts';

export default class SessionsUnpin extends ChangeSessionsCommand {
  static override summary = 'unpin sessions, so that cleanup may remove them';
  static override examples = [
    'synapse sessions unpin my-project',
    'synapse sessions unpin last --json',
  ];

  protected readonly done = 'unpinned';

  protected change({ id }: Session, { sessions }: Store): Promise<Session> {
    return sessions.update(id, { pinned: false });
  }
}
