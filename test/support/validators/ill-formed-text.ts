/** Where in a JSON value, keys included, there is half a surrogate pair: no provider reads on. */
export function illFormedText(value: unknown, path = 'body'): string[] {
  if (typeof value === 'string') return value.isWellFormed() ? [] : [`${path} is ill-formed`];
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(key.isWellFormed() ? [] : [`${path} has an ill-formed key`]),
    ...illFormedText(child, `${path}.${key}`),
  ]);
}
