import type { App } from '@synapse/app/wiring';
import type { Store } from '@synapse/core';
import type { Identity } from '@synapse/core/server';

/** Who asks, with the part of the store that this identity may see. */
export interface Caller {
  identity: Identity;
  store: Store;
  app: App;
}
