import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface ProgramOptions {
  /** TypeScript that imports modules of the project by `./` from `directory`. */
  readonly source: string;
  readonly directory: string;
  readonly outfile: string;
}

/** Makes a program of sources as they are now, for tests that need a process of its own. */
export async function bundleProgram({ source, directory, outfile }: ProgramOptions): Promise<void> {
  await build({
    stdin: { contents: source, resolveDir: directory, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['synapse:source'],
    logLevel: 'warning',
  });
}

export function directoryOf(moduleUrl: string): string {
  return fileURLToPath(new URL('.', moduleUrl));
}
