/** Shapes that are secrets wherever they stand; each is long and regular enough not to hit prose. */
const shapes: readonly RegExp[] = [
  /\bsk-(?:ant-|proj-|or-v1-|svcacct-|admin-)?[A-Za-z0-9_-]{16,}/g,
  /\b(?:gsk|xai|csk|tgp_v1|fw|pplx|hf|r8|nvapi)[_-][A-Za-z0-9_-]{20,}/g,
  /\bAIza[A-Za-z0-9_-]{35}\b/g,
  /\bya29\.[A-Za-z0-9_-]{20,}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bwhsec_[A-Za-z0-9+/=]{20,}/g,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g,
  /\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /\bdop_v1_[a-f0-9]{64}\b/g,
  /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/g,
  /\bEAACEdEose0cBA[A-Za-z0-9]+/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

/** Places whose value is a secret, whatever it looks like: the first group stays. */
const places: readonly RegExp[] = [
  /(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}/gi,
  /(\b(?:x-api-key|api-key|authorization|proxy-authorization|cookie|set-cookie)["']?\s*[:=]\s*["']?)(?!bearer |basic )[^\s"',;]{8,}/gi,
  /(\b[a-z0-9_]*(?:api_?key|secret|token|passwd|password)["']?\s*[:=]\s*["']?)[^\s"',;&]{8,}/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi,
];

const MARK = '[redacted]';

/**
 * Where a password stands in an address. That of PostgreSQL may be no URL, because signs in the password
 * are not written as they should be: everything up to the last @ of the line is the password then.
 */
const passwords: readonly RegExp[] = [
  /(\bpostgres(?:ql)?:\/{1,2}[^\s/:@]*:)[^\n"]+(?=@)/gi,
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi,
  /([?&](?:ssl)?password=)[^\s&"']+/gi,
];

/** Puts a mark in place of the passwords in addresses, and leaves everything else as it is. */
export function redactPasswords(text: string): string {
  return passwords.reduce((redacted, place) => redacted.replace(place, `$1${MARK}`), text);
}

/** Puts a mark in place of everything that looks like a key, and of the `known` secrets. */
export function redactSecrets(text: string, known: readonly string[] = []): string {
  let redacted = text;
  // Short values would hit ordinary words.
  for (const secret of known) {
    if (secret.length >= 8) redacted = redacted.replaceAll(secret, MARK);
  }
  for (const shape of shapes) redacted = redacted.replace(shape, MARK);
  for (const place of places) redacted = redacted.replace(place, `$1${MARK}`);
  return redacted;
}
