import type { Logger } from '@synapse/core';

export interface CurrentLog {
  file: string;
  logger: Logger;
}

let current: CurrentLog | undefined;

/** The log of this process, for unexpected errors; undefined until the settings are read. */
export function currentLog(): CurrentLog | undefined {
  return current;
}

export function setCurrentLog(log: CurrentLog): void {
  current = log;
}
