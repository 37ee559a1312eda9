import type { RunRegistry } from '@synapse/app/runs/run-registry';
import type { App } from '@synapse/app/wiring';
import type { BackgroundAnswers } from './dialects/background-answers.ts';
import type { Limits } from './limits.ts';
import type { ServerFigures } from './server-figures.ts';

/** What the handlers of one server share. The store is only in `Caller`, narrowed to its owner. */
export interface Service {
  app: App;
  limits: Limits;
  figures: ServerFigures;
  runs: RunRegistry;
  background: BackgroundAnswers;
  /** Random; tells servers of one store apart. */
  instanceId: string;
  startedAt: Date;
  /** Whether the store answers and the server is not stopping. */
  isReady(): Promise<boolean>;
}
