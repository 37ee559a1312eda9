import { joinSignals, type Part, type Store } from '@synapse/core';
import { nameSession } from '@synapse/core/conversation';
import type { App } from '../wiring.ts';
import { openUtilityModel } from './open-utility-model.ts';
import type { TurnSetup } from './ask-turn.ts';

const PATIENCE_MS = 3_000;

export interface RunningNaming {
  /** Waits for a title a little longer, and does without it then. */
  finish(): Promise<void>;
}

export interface NamingOptions {
  question: readonly Part[];
  /** Ends the naming at once. */
  signal?: AbortSignal | undefined;
}

/** Lets a model name a new session during its first answer, if the settings ask for it. */
export function startNaming(
  app: Pick<App, 'settings' | 'clock' | 'logger' | 'openModel'>,
  { sessions }: Pick<Store, 'sessions'>,
  { session, lease, model, limit }: TurnSetup,
  { question, signal: ended }: NamingOptions,
): RunningNaming {
  const { settings, clock, logger } = app;
  if (!settings.session.generate_titles) return { finish: async () => undefined };
  const given = new AbortController();
  const joined = joinSignals(ended ? [ended, given.signal] : [given.signal]);
  const { signal } = joined;
  const naming = async () => {
    try {
      limit.check();
      const aside = await openUtilityModel(app, settings.session.title_model, model);
      const options = { sessions, session, lease, question, model: aside, clock, signal };
      limit.add((await nameSession(options)).costNanoUsd);
    } catch (error) {
      logger.warn({ error, sessionId: session.id }, 'the session could not be named');
    } finally {
      joined.release();
    }
  };
  const done = naming();
  return {
    async finish() {
      const waited = new AbortController();
      const patience = clock.sleep(PATIENCE_MS, waited.signal).catch(() => undefined);
      await Promise.race([done, patience]);
      waited.abort();
      given.abort();
      await done;
    },
  };
}
