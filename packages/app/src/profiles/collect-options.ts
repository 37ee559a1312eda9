import type { App } from '../wiring.ts';

export type ProfilesApp = Pick<App, 'settings' | 'here' | 'environment' | 'places' | 'clock'>;

export interface CollectOptions {
  /** Trusts the folder for this run only. */
  isTrusted: boolean;
  /** Asks the user whether to trust a folder because of what it brings; null if no user can be asked. */
  ask: ((root: string, names: readonly string[]) => Promise<boolean>) | null;
  notify: (text: string) => void;
}
