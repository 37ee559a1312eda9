import type { ProviderFailure } from '@synapse/core';

/** A failure as the server reported it, in its own words. */
export interface FailureSigns {
  /** The HTTP status; undefined if the failure came in the middle of a stream. */
  status: number | undefined;
  /** Its codes and types, lower case, such as `invalid_request_error` and `model_not_found`. */
  codes: readonly string[];
  message: string;
  /** True if the server says when to try again. */
  hasWait: boolean;
}

export interface Classified {
  reason: ProviderFailure;
  isRetryable: boolean;
  /** The server does not accept the limit of the answer. */
  isAboutMaxTokens?: boolean;
}

const permanent = (reason: ProviderFailure): Classified => ({ reason, isRetryable: false });
const transient = (reason: ProviderFailure): Classified => ({ reason, isRetryable: true });

/** The meaning of the providers' codes, without ambiguous ones. */
const BY_CODE = new Map<string, Classified>([
  ...all(transient('rate-limit'), [
    ...['rate_limit_error', 'rate_limit_exceeded', 'rate_limit_reached', 'ratelimitreached'],
    ...['rate_limited', 'model_rate_limit', 'throttling_error', 'resource_exhausted', 'slow_down'],
    ...['too_many_requests', 'too_many_requests_error', 'too_many_tokens_error'],
    ...['request_quota_exceeded', 'token_quota_exceeded', 'queue_exceeded'],
  ]),
  ...all(transient('overloaded'), [
    ...['overloaded_error', 'overloaded', 'server_is_overloaded', 'service_unavailable'],
    ...['service_unavailable_error', 'unavailable', 'unavailable_error', 'server_error'],
  ]),
  ...all(transient('timeout'), ['timeout_error', 'timeout', 'deadline_exceeded']),
  ...all(permanent('quota'), [
    ...['insufficient_quota', 'billing_error', 'billing_hard_limit_reached', 'billing_not_active'],
    ...['insufficient_balance', 'credit_limit', 'personal-team-blocked:spending-limit'],
  ]),
  ...all(permanent('context-length'), [
    ...['context_length_exceeded', 'exceed_context_size_error', 'request_too_large'],
    ...['string_above_max_length', 'model_max_prompt_tokens_exceeded'],
  ]),
  ...all(permanent('auth'), [
    ...['authentication_error', 'permission_error', 'invalid_api_key', 'api_key_invalid'],
    ...['unauthenticated', 'permission_denied', 'permissiondenied', 'unauthorized'],
  ]),
  ...all(permanent('model-not-found'), [
    ...['model_not_found', 'model_not_exist', 'model_not_available', 'invalid_model'],
    ...['deploymentnotfound'],
  ]),
  ...all(permanent('refused'), [
    ...['content_filter', 'content_policy_violation', 'responsibleaipolicyviolation', 'safety'],
    ...['prohibited_content', 'cyber_policy_violation', 'data_inspection_failed'],
  ]),
]);

const OUT_OF_MONEY =
  /credit balance|insufficient[ _](?:credit|fund|balance|quota)|payment required|(?:out of|any|available|more) credits|credit limit|spending limit|enable billing|billing (?:hard limit|is not active)/i;
const QUOTA_TEXT = /exceeded your current quota|quota exceeded/i;
// The names of Google's limits; others describe them in words.
const DAILY_CODE = 'perday';
const DAILY_TEXT = /per[ -]day/i;
const TOO_MUCH_AT_ONCE = /request too large/i;
const LIMIT_AND_REQUEST = /\blimit:? ~?(\d+)\b.{0,60}\brequested:? ~?(\d+)/i;
// The wording of Ollama, Groq, Google, OpenRouter, vLLM, llama.cpp and OpenAI.
const NO_TOOLS =
  /does(?: not|n't) support (?:tool|function)s?\b|\b(?:tool|function)s?(?:[ -](?:use|calls?|calling))?['"`]? (?:is|are) not (?:supported|enabled)|no endpoints found that support tool|tool choice requires|tools param requires|unsupported parameter: ['"`]?tools\b/i;
// In the words of Anthropic, OpenAI and Google; then of servers that don't know a field of their own.
const REPLAY_REFUSED =
  /bound to a different conversation|invalid ['"`]?signature['"`]? in ['"`]?thinking|thinking['"`]? blocks .{0,80}cannot be modified|encrypted content .{0,80}could not be (?:verified|decrypted)|invalid_encrypted_content|(?:invalid|corrupted) thought.?signature|\b(?:reasoning\w*|extra_content)\b.{0,60}(?:is unsupported|not permitted|not allowed|unexpected|unknown)/is;
const MAX_TOKENS =
  /\bmax(?:_(?:completion_|output_)?tokens|OutputTokens)\b.{0,60}(?:too large|above maximum|maximum allowed|less than or equal|range|exceeds?(?! (?:the )?context))/is;
// The wording of vLLM when request and answer together are too long.
const TOO_LARGE_BESIDE_INPUT = /too large: (\d+).{0,120}\bhas (\d+) input tokens/is;
const CONTEXT_LENGTH =
  /context[ _-]?(?:length|window|size|limit)|maximum context|maximum prompt length|prompt is too long|input (?:is )?too long|too many (?:input )?tokens|max(?:imum)? (?:input|prompt) (?:tokens|length)|exceeds? .{0,60}\btoken|token limit|reduce the length|inputs?['"`]? tokens \+ ['"`]?max_new_tokens/i;
const REFUSED =
  /content[_ ](?:filter|policy|management)|responsible ?ai|prohibited_content|safety (?:system|filter|polic)|usage polic|\bflagged\b/i;
const BAD_KEY = /(?:incorrect|invalid) api key|api key not valid/i;
const NO_MODEL =
  /\bmodels?\b.{0,120}(?:not found|not exist|n't exist|not deployed)|not a valid model|no models? loaded/is;

/** The provider's codes have priority; its words count only without a code. */
export function classifyFailure(signs: FailureSigns): Classified {
  const { status, message } = signs;
  if (status === 402 || (OUT_OF_MONEY.test(message) && !isServerFault(status))) {
    return permanent('quota');
  }
  if (status === 413 || isTooMuchAtOnce(message)) return permanent('context-length');
  const coded = signs.codes.map((code) => BY_CODE.get(code)).find((found) => found !== undefined);
  if (status === 429 || coded?.reason === 'rate-limit') return fromLimit(signs, coded);
  return coded ?? fromWords(signs) ?? fromStatus(signs);
}

// Some servers call a limit per minute a quota and advise a look at the plan; but they report when
// to retry.
function fromLimit({ codes, message, hasWait }: FailureSigns, coded?: Classified): Classified {
  if (coded?.reason === 'quota') return coded;
  const isUsedUp = QUOTA_TEXT.test(message) || DAILY_TEXT.test(message);
  const isDaily = codes.some((code) => code.includes(DAILY_CODE));
  return isDaily || (isUsedUp && !hasWait) ? permanent('quota') : transient('rate-limit');
}

/** Waiting does not help a request that alone exceeds the limit per minute. */
function isTooMuchAtOnce(message: string): boolean {
  if (TOO_MUCH_AT_ONCE.test(message)) return true;
  const [, limit, requested] = LIMIT_AND_REQUEST.exec(message.replaceAll(',', '')) ?? [];
  return Number(requested) > Number(limit);
}

function fromWords({ status, codes, message }: FailureSigns): Classified | undefined {
  const words = `${codes.join(' ')} ${message}`;
  if (NO_TOOLS.test(message)) return permanent('no-tools');
  if (isServerFault(status)) return undefined;
  if (REPLAY_REFUSED.test(words)) return permanent('replay-refused');
  if (MAX_TOKENS.test(message) && !isInputLarger(message)) {
    return { ...permanent('invalid-request'), isAboutMaxTokens: true };
  }
  if (CONTEXT_LENGTH.test(words)) return permanent('context-length');
  if (REFUSED.test(words)) return permanent('refused');
  if (BAD_KEY.test(message)) return permanent('auth');
  return NO_MODEL.test(message) ? permanent('model-not-found') : undefined;
}

function isInputLarger(message: string): boolean {
  const [, output, input] = TOO_LARGE_BESIDE_INPUT.exec(message) ?? [];
  return Number(input) > Number(output);
}

function isServerFault(status: number | undefined): boolean {
  return status !== undefined && status >= 500;
}

function fromStatus({ status, codes, message }: FailureSigns): Classified {
  switch (status) {
    case 401:
    case 403:
      return permanent('auth');
    case 404:
      return permanent(/model/i.test(message) ? 'model-not-found' : 'invalid-request');
    case 408:
    case 504:
      return transient('timeout');
    case 409:
    case 425:
      return transient('overloaded');
    case 501:
    case 505:
      return permanent('invalid-request');
    case undefined:
      if (codes.includes('not_found_error')) return permanent('model-not-found');
      return codes.some((code) => code.startsWith('invalid_'))
        ? permanent('invalid-request')
        : transient('overloaded');
    default:
      return isServerFault(status) ? transient('overloaded') : permanent('invalid-request');
  }
}

function all(classified: Classified, codes: readonly string[]): [string, Classified][] {
  return codes.map((code) => [code, classified]);
}
