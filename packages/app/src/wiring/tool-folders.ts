import { expandHome } from '@synapse/config';
import type { App } from '../wiring.ts';

/** The folders that tools may touch besides the working directory. */
export function toolRoots({
  settings,
  environment,
}: Pick<App, 'settings' | 'environment'>): string[] {
  return settings.tools.roots.map((root) => expandHome(root, environment));
}

/** A PATH without folders of the project or of the other roots. */
export async function searchPathOf(
  { environment, here }: Pick<App, 'environment' | 'here'>,
  roots: readonly string[] = [],
): Promise<string> {
  const { toSafePath } = await import('@synapse/tools-builtin');
  return toSafePath(environment.PATH, [here, ...roots]);
}
