import type { Store } from '@synapse/core';

export type CaredStore = Store;
