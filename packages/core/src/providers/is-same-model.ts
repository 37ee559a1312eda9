/** `claude-x` and `claude-x-20260924` are one model: asked for by name, answered with the date. */
export function isSameModel(a: string, b: string): boolean {
  return a === b || withoutDate(a) === withoutDate(b);
}

export function withoutDate(model: string): string {
  return model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');
}
