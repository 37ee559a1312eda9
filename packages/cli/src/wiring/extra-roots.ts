import { expandHome } from '@synapse/config';
import type { App } from '../wiring.ts';

/** The folders that tools may touch besides the working directory. */
export function extraRoots({ settings, environment }: App): string[] {
  return settings.tools.roots.map((root) => expandHome(root, environment));
}
