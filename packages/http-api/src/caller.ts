import type { App } from '@synapse/app/wiring';
import type { Identity, Store } from '@synapse/core';

/** Who asks, with the part of the store that this identity may see. */
export interface Caller {
  identity: Identity;
  store: Store;
  app: App;
}
