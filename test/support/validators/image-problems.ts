const IMAGE_PARTS = new Set<unknown>(['image', 'image_url', 'input_image']);

/** What a model without eyes refuses, in whatever dialect it is asked. */
export function imageProblems(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const isImage = 'type' in value && IMAGE_PARTS.has(value.type);
  const inside = Object.values(value).flatMap(imageProblems);
  return isImage ? ['the model takes no image', ...inside] : inside;
}
