const SHORTEST_SECRET = 6;

/** The text without secrets, and without anything that looks like a key that a server repeats. */
export function redact(text: string, secrets: readonly string[]): string {
  let redacted = text;
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET) redacted = redacted.replaceAll(secret, '[redacted]');
  }
  return redacted.replaceAll(/\b(?:sk|pk|gsk|xai|key)[-_][\w*.-]{6,}/gi, '[redacted]');
}
