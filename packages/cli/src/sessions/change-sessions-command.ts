import type { Session, Store } from '@synapse/core';
import { sessionToJson } from '@synapse/portability';
import { describeSession } from './name-of.ts';
import { resolveSessions } from './resolve-sessions.ts';
import { SessionsCommand } from './sessions-command.ts';
import { sessionsArg } from './session-flags.ts';
import { jsonFlag } from '../shared-flags.ts';

/** A command that changes each of the given sessions; none if one of them is unknown. */
export abstract class ChangeSessionsCommand extends SessionsCommand {
  static override strict = false;
  static override args = sessionsArg;
  static override flags = { ...jsonFlag };

  /** The change in one word, such as "pinned". */
  protected abstract readonly done: string;

  protected abstract change(session: Session, store: Store): Promise<Session>;

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(ChangeSessionsCommand);
    await this.withSessions(flags, async ({ store }) => {
      const changed: Session[] = [];
      for (const session of await resolveSessions(store.sessions, argv as string[])) {
        changed.push(await this.change(session, store));
      }
      if (flags.json) this.printJson({ items: changed.map(sessionToJson), nextCursor: null });
      else for (const session of changed) this.print(`${this.done} ${describeSession(session)}`);
    });
  }
}
