/** Whoever stores, exports or shows a value goes down into it, and the stack has an end. */
const MAX_DEPTH = 200;

export function isNestedTooDeep(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isNestedTooDeep(inner, depth - 1));
}
