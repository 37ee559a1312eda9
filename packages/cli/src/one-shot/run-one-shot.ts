import {
  emptySession,
  findSession,
  holdLease,
  newId,
  parseHandle,
  resolveSession,
  runTurn,
  titleFrom,
  type Message,
  type ModelRequest,
  type Part,
  type Session,
  type Store,
} from '@synapse/core';
import { isProcessAlive, thisProcess } from '../process-identity.ts';
import type { App } from '../wiring.ts';
import type { OneShotOutput } from './one-shot-output.ts';

export interface OneShot {
  parts: Part[];
  /** An id, a handle, `last`, or null for a new session. */
  session: string | null;
  systemPrompt: string | null;
  output: OneShotOutput;
  signal: AbortSignal;
}
