/** `claude-x` and `claude-x-20260924` are one model: asked for by name, answered with the date. */
export function isSameModel(a: string, b: string): boolean {
  return a === b || withoutDate(a) === withoutDate(b);
}

export function withoutDate(model: string): string {
  return model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');
}

/**
 * Whether a search for `wanted` finds `model`: by its name, with or without the date of a version.
 * As loose on the digits as the pattern of an SQL engine has to be.
 */
export function isModelOrDated(model: string, wanted: string): boolean {
  if (!model.startsWith(wanted)) return false;
  return /^(?:|-latest|-20[^]{6}|-20[^]{2}-[^]{2}-[^]{2})$/u.test(model.slice(wanted.length));
}
