import type { Session, Store } from '@synapse/core';
import { ChangeSessionsCommand } from '../../sessions/change-sessions-command.ts';

export default class SessionsPin extends ChangeSessionsCommand {
  static override summary = 'protect sessions from cleanup';
  static override examples = [
    'synapse sessions pin my-project',
    'synapse sessions pin last --json',
  ];

  protected readonly done = 'pinned';

  protected change({ id }: Session, { sessions }: Store): Promise<Session> {
    return sessions.update(id, { pinned: true });
  }
}
