/** Makes text from a server safe for one line of a log or a message. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .slice(0, 500);
}
