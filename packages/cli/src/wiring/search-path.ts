/** A PATH on which no program of the project is found, nor one of the other roots. */
export async function searchPathOf(
  { PATH }: NodeJS.ProcessEnv,
  roots: readonly string[] = [],
): Promise<string> {
  const { toSafePath } = await import('@synapse/tools-builtin');
  return toSafePath(PATH, [process.cwd(), ...roots]);
}
