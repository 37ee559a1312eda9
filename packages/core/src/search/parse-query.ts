import type { OwnerFilter } from '../ports/identity.ts';
import { UsageError } from '../errors/usage-error.ts';
import type { Role } from '../session/message.ts';
import { parseMoment } from './parse-moment.ts';
import { tokenizeText } from './tokenize-text.ts';

/** The parsed query; no engine ever sees the text that the user typed. */
export interface SearchQuery extends OwnerFilter {
  /**
   * At least one term of each group must occur. Without groups, everything that passes the filters
   * is found.
   */
  terms: SearchTerm[][];
  /** None of these terms may occur. */
  excluded: SearchTerm[];
  role?: Role | undefined;
  tag?: string | undefined;
  model?: string | undefined;
  /** The origin of the session. */
  origin?: string | undefined;
  since?: Date | undefined;
  before?: Date | undefined;
  /** Whether to find inactive messages, too: those of other variants and of undone turns. */
  variants?: boolean | undefined;
}

/** Consecutive tokens; a single word is a phrase of one. */
export interface SearchTerm {
  tokens: string[];
  /** Whether the last token may be the beginning of a longer one. */
  isPrefix: boolean;
}

// More than a user types; an engine's expression must stay small, even for pasted text.
const MAX_TOKENS = 64;
const MAX_QUERY_LENGTH = 8192;
const KNOWN_FILTERS = 'the filters are role:, tag:, model:, origin:, since:, after: and before:';
const ROLES: readonly string[] = ['user', 'assistant', 'tool'] satisfies Role[];

// An optional minus, an optional filter name, then a phrase in quotes, whose end may be missing, or
// a word. The word may be missing only after a filter name. A star at the end matches longer words.
const ITEM =
  /(?<minus>-)?(?:(?<key>role|tag|model|origin|since|after|before):)?(?:["“”](?<phrase>[^"“”]*)(?:["“”]|$)(?<star>\*)?|(?<word>[^\s"“”]+)|(?<=:)(?=\s|$))/giu;

// Looks like a filter, and not like an address, a time, a drive or a name with two colons.
const UNKNOWN_FILTER = /^(?<key>[a-z_]{2,20}):(?![:/\\])./i;

/**
 * Reads `words "a phrase" -without prefix* role:user tag:work model:gpt-5 since:7d
 * before:2026-01-31`. Any text is a query; only a filter with an invalid value is a UsageError.
 * Relative times count from `now`. All words must occur, with or without `AND` between them; of
 * words with `OR` between them, one is enough. `NOT` is the same as a minus. Calls `notify` for
 * each part of the text that is probably not searched as the user meant it.
 */
export function parseSearchQuery(
  text: string,
  now: Date,
  notify: (text: string) => void = () => undefined,
): SearchQuery {
  const query: SearchQuery = { terms: [], excluded: [] };
  let tokensLeft = MAX_TOKENS;
  let isNegated = false;
  let isAlternative = false;
  for (const { groups = {} } of text.slice(0, MAX_QUERY_LENGTH).matchAll(ITEM)) {
    const { minus, key, phrase, star, word = '' } = groups;
    if (key !== undefined) {
      if (minus) throw new UsageError(`The filter "${key}:" can't be excluded.`);
      applyFilter(query, key.toLowerCase(), phrase ?? word, now);
      continue;
    }
    if (word === 'AND' && !minus) continue;
    if (word === 'OR' && !minus) {
      isAlternative = true;
      continue;
    }
    if (word === 'NOT' && !minus) {
      isNegated = true;
      continue;
    }
    const isExcluded = minus !== undefined || isNegated;
    const isOther = isAlternative && !isExcluded;
    if (isAlternative && isExcluded) notify('OR has no effect next to an excluded word');
    isNegated = isAlternative = false;
    const unknown = UNKNOWN_FILTER.exec(word)?.groups?.key;
    if (unknown !== undefined) {
      notify(`"${unknown}:" is not a filter and was searched as a word; ${KNOWN_FILTERS}`);
    }
    const isPrefix = phrase === undefined ? word.endsWith('*') : star !== undefined;
    const term = toTerm(phrase ?? word, isPrefix, tokensLeft);
    if (!term) {
      if (tokensLeft > 0) notifyOfUnsearched(phrase ?? word, notify);
      continue;
    }
    tokensLeft -= term.tokens.length;
    const group = isOther ? query.terms.at(-1) : undefined;
    if (group) group.push(term);
    else if (isExcluded) query.excluded.push(term);
    else query.terms.push([term]);
  }
  return query;
}

/** An emoji or another symbol; users don't search for punctuation alone. */
function notifyOfUnsearched(text: string, notify: (text: string) => void): void {
  if (!/[^\p{P}\p{Z}\p{C}*]/u.test(text)) return;
  notify(`"${text.slice(0, 40)}" was not searched: it has no letter or digit`);
}

function toTerm(text: string, isPrefix: boolean, maxTokens: number): SearchTerm | undefined {
  const tokens = [...tokenizeText(text)];
  const last = tokens.at(-1);
  if (!last?.isRunEnd) {
    return tokens.length === 0 || maxTokens === 0
      ? undefined
      : { tokens: tokens.slice(0, maxTokens).map((token) => token.text), isPrefix };
  }
  // In a script without spaces any character may follow a word: its pairs represent all of it, and
  // a single character is the beginning of a pair.
  const isPair = tokens.at(-2)?.end === last.end;
  const kept = (isPair ? tokens.slice(0, -1) : tokens).slice(0, maxTokens);
  return kept.length === 0
    ? undefined
    : { tokens: kept.map((token) => token.text), isPrefix: !isPair && kept.at(-1) === last };
}

function applyFilter(query: SearchQuery, key: string, value: string, now: Date): void {
  if (value === '') {
    throw new UsageError(`The filter "${key}:" has no value.`, {
      hint: 'Write the value right after the colon, in quotes if it has spaces.',
    });
  }
  if (key === 'role') query.role = toRole(value);
  else if (key === 'tag') query.tag = value;
  else if (key === 'model') query.model = value;
  else if (key === 'origin') query.origin = value;
  else query[key === 'before' ? 'before' : 'since'] = parseMoment(key, value, now);
}

function toRole(value: string): Role {
  const role = value.toLowerCase();
  if (ROLES.includes(role)) return role as Role;
  throw new UsageError(`"${value.slice(0, 40)}" is not a role.`, {
    hint: `The roles are ${ROLES.join(', ')}.`,
  });
}
