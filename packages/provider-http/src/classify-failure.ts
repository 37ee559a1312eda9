import type { ProviderFailure } from '@synapse/core';

/** What a server said about its failure, in whatever words it has. */
export interface FailureSigns {
  /** The HTTP status; undefined where the failure came in the middle of a stream. */
  status: number | undefined;
  /** Its types and codes, lower case, such as `invalid_request_error model_not_found`. */
  labels: string;
  message: string;
  hasRetryAfter: boolean;
}

export interface Classified {
  reason: ProviderFailure;
  isRetryable: boolean;
}

const CONTEXT_LENGTH =
  /context[ _-]?(?:length|window|size)|maximum context|prompt is too long|input (?:is )?too long|too many (?:input )?tokens|max(?:imum)? (?:input|prompt) (?:tokens|length)|exceeds? .{0,60}\btoken|token limit|reduce the length/i;
const OUT_OF_MONEY =
  /credit balance|insufficient[ _](?:credit|fund|balance|quota)|billing|payment required|out of credits/i;
const QUOTA_TEXT = /exceeded your current quota|quota exceeded/i;
// In the words of Ollama, Groq, Google, OpenRouter, vLLM, llama.cpp and OpenAI.
const NO_TOOLS =
  /does(?: not|n't) support (?:tool|function)s?\b|\b(?:tool|function)s?(?:[ -](?:use|calls?|calling))?['"`]? (?:is|are) not (?:supported|enabled)|no endpoints found that support tool|tool choice requires|tools param requires|unsupported parameter: ['"`]?tools\b/i;
// In the words of Anthropic, OpenAI and Google; then of servers that don't know a field of their own.
const REPLAY_REFUSED =
  /bound to a different conversation|invalid ['"`]?signature['"`]? in ['"`]?thinking|thinking['"`]? blocks .{0,80}cannot be modified|encrypted content .{0,80}could not be (?:verified|decrypted)|invalid_encrypted_content|(?:invalid|corrupted) thought.?signature|\b(?:reasoning\w*|extra_content)\b.{0,60}(?:is unsupported|not permitted|not allowed|unexpected|unknown)/is;
const REFUSED = /content[_ ](?:filter|policy)|responsible ?ai|safety|prohibited_content/i;

const permanent = (reason: ProviderFailure): Classified => ({ reason, isRetryable: false });
const transient = (reason: ProviderFailure): Classified => ({ reason, isRetryable: true });

export function classifyFailure(signs: FailureSigns): Classified {
  const { status, labels, message } = signs;
  const words = `${labels} ${message}`;
  const isRateLimit = status === 429 || /rate_?limit|too_many_requests/.test(labels);
  if (isRateLimit || status === 402 || labels.includes('quota') || labels.includes('billing')) {
    return isOutOfMoney(signs) ? permanent('quota') : transient('rate-limit');
  }
  if (NO_TOOLS.test(message)) return permanent('no-tools');
  if (status !== undefined && status >= 500) return fromServerFailure(status);
  if (REPLAY_REFUSED.test(words)) return permanent('replay-refused');
  if (CONTEXT_LENGTH.test(words)) return permanent('context-length');
  if (status === 400 && OUT_OF_MONEY.test(words)) return permanent('quota');
  return fromLabels(labels) ?? fromStatus(status, words);
}

// Some servers call a limit per minute a quota and advise to look at the plan; but they say when to
// come back.
function isOutOfMoney({ status, labels, message, hasRetryAfter }: FailureSigns): boolean {
  if (status === 402 || /insufficient_quota|billing/.test(labels)) return true;
  return OUT_OF_MONEY.test(message) && !QUOTA_TEXT.test(message)
    ? true
    : QUOTA_TEXT.test(message) && !hasRetryAfter;
}

function fromServerFailure(status: number): Classified {
  if (status === 504) return transient('timeout');
  return status === 501 || status === 505 ? permanent('invalid-request') : transient('overloaded');
}

function fromLabels(labels: string): Classified | undefined {
  if (labels.includes('overloaded')) return transient('overloaded');
  if (labels.includes('timeout')) return transient('timeout');
  if (REFUSED.test(labels)) return permanent('refused');
  if (/authentication|permission|invalid_api_key/.test(labels)) return permanent('auth');
  if (/model_not_found|model_not_exist/.test(labels)) return permanent('model-not-found');
  return undefined;
}

function fromStatus(status: number | undefined, words: string): Classified {
  switch (status) {
    case 401:
    case 403:
      return permanent('auth');
    case 404:
      return permanent(/model/i.test(words) ? 'model-not-found' : 'invalid-request');
    case 408:
      return transient('timeout');
    case 409:
    case 425:
      return transient('overloaded');
    case undefined:
      if (words.includes('not_found_error')) return permanent('model-not-found');
      return words.includes('invalid_') ? permanent('invalid-request') : transient('overloaded');
    default:
      return permanent(REFUSED.test(words) ? 'refused' : 'invalid-request');
  }
}
