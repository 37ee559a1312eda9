/** The difference between two texts of a file; undefined if there is none, or they have too little in common. */
export async function unifiedDiff(
  path: string,
  before: string,
  after: string,
): Promise<string | undefined> {
  if (before === after) return undefined;
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  return createTwoFilesPatch(path, path, before, after, undefined, undefined, {
    context: 3,
    // The diff of two very different texts would take seconds.
    maxEditLength: 2000,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
