import type { Logger } from '@synapse/core';

const nothing = () => undefined;

export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
