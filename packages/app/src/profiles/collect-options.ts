import type { App } from '../wiring.ts';

export type ProfilesApp = Pick<App, 'settings' | 'here' | 'environment' | 'places' | 'clock'>;

export interface CollectOptions {
  /** Trusts the folder for this run only. */
  isTrusted: boolean;
  /** Asks the user about a folder without a decision, and stores it; null if no user can be asked. */
  ask: ((root: string, names: readonly string[]) => Promise<boolean>) | null;
  notify: (text: string) => void;
}
