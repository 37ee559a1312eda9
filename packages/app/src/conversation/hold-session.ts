import {
  getSession,
  newId,
  SessionHeldError,
  type HeldLease,
  type Session,
  type Store,
} from '@synapse/core';
import { holdLeaseOf } from './hold-lease-of.ts';
import type { App } from '../wiring.ts';

const RETRY_MS = 500;

/** What to do about a session that another process has. */
export type HeldChoice = 'wait' | 'fork' | 'take-over' | 'leave';

export interface HoldChoice {
  /** Ends the hold of whoever has it. */
  isTakenOver: boolean;
  askAboutHeld: (error: SessionHeldError, signal: AbortSignal) => Promise<HeldChoice>;
  say: (text: string) => void;
  signal: AbortSignal;
}

export interface HeldSession {
  session: Session;
  held: HeldLease;
}

/**
 * Makes this process the one that writes to the session; where another one is, the person says what to
 * do. The session is given as it is once it is held: until then another process may have written to it.
 */
export async function holdSession(
  app: App,
  store: Store,
  session: Session,
  { isTakenOver, askAboutHeld, say, signal }: HoldChoice,
): Promise<HeldSession> {
  const hold = async ({ id }: Session, isForced: boolean): Promise<HeldSession> => {
    const held = await holdLeaseOf(app, store, id, { isForced });
    try {
      return { session: await getSession(store.sessions, id), held };
    } catch (error) {
      await held.release();
      throw error;
    }
  };
  try {
    return await hold(session, isTakenOver);
  } catch (error) {
    if (!(error instanceof SessionHeldError)) throw error;
    switch (await askAboutHeld(error, signal)) {
      case 'wait':
        say('waiting until the session is free … (Ctrl-C gives up)');
        return waitFor(() => hold(session, false), app, signal);
      case 'fork': {
        const fork = { id: newId(), createdAt: app.clock.now() };
        return hold(await store.sessions.fork(session.id, fork), false);
      }
      case 'take-over':
        return hold(session, true);
      case 'leave':
        throw heldWithCommands(error, session);
    }
  }
}

async function waitFor(
  hold: () => Promise<HeldSession>,
  { clock }: App,
  signal: AbortSignal,
): Promise<HeldSession> {
  for (;;) {
    await clock.sleep(RETRY_MS, signal);
    try {
      return await hold();
    } catch (error) {
      if (!(error instanceof SessionHeldError)) throw error;
    }
  }
}

function heldWithCommands(error: SessionHeldError, { handle, id }: Session): SessionHeldError {
  const name = handle ?? id;
  return new SessionHeldError(error.lease, error.hasExpired, {
    cause: error,
    hint: [
      'It is free again when that process leaves it. Until then:',
      `  synapse -s ${name} --fork …       goes on with a copy`,
      `  synapse -s ${name} --take-over …  goes on here; the other can write no more`,
    ].join('\n'),
  });
}
