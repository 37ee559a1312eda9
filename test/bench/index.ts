import type { Measure } from './measure.ts';
import { benchSearch } from './search.ts';
import { benchStartup } from './startup.ts';
import { benchStore } from './store.ts';

export const parts: Record<string, (reuse: boolean) => Promise<Measure[]>> = {
  store: benchStore,
  search: benchSearch,
  startup: benchStartup,
};
