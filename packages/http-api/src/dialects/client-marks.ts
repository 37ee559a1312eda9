import { createHash } from 'node:crypto';
import type { ClientAlias, ClientMarks } from '@synapse/app/relay/relayed-request';
import type { DialectRequest } from './dialect-request.ts';

/** Headers in which clients name their conversation, the most reliable first. */
const HEADERS = [
  'session-id',
  'thread-id',
  'x-claude-code-session-id',
  'x-session-id',
  'x-session-affinity',
  'x-conversation-id',
  'x-openwebui-chat-id',
];
const LONGEST_VALUE = 200;

/** What a request says about its client and its conversation. */
export function clientMarks(
  headers: Headers,
  { metadata, cacheKey }: DialectRequest,
  namesAnswers: boolean,
): ClientMarks {
  const named = HEADERS.map((kind): [string, string | null] => [kind, headers.get(kind)]);
  const fields: [string, string | null | undefined][] = [
    ...named,
    ['session-id', metadata.session_id],
    ['claude-code', metadata.user_id && claudeSession(metadata.user_id)],
  ];
  const aliases: ClientAlias[] = fields.flatMap(([kind, value]) =>
    value ? [{ kind, value: shorten(value) }] : [],
  );
  // A program may use one key for all its conversations.
  if (cacheKey) aliases.push({ kind: 'prompt_cache_key', value: shorten(cacheKey), isWeak: true });
  return {
    session: headers.get('x-synapse-session') ?? metadata.session ?? null,
    aliases,
    namesAnswers,
    client: clientName(headers),
  };
}

/** Claude Code names its session inside the id of the user, as JSON or at the end of a text. */
function claudeSession(userId: string): string | null {
  const [, id = null] = /session(?:_id"?\s*:\s*"|_)([0-9a-f-]{36})/i.exec(userId) ?? [];
  return id;
}

function clientName(headers: Headers): string | null {
  const name = headers.get('originator') ?? headers.get('user-agent') ?? '';
  const [first] = /^[\w.-]{1,40}/.exec(name) ?? [];
  return first?.toLowerCase() ?? null;
}

function shorten(value: string): string {
  if (value.length <= LONGEST_VALUE) return value;
  return createHash('sha256').update(value).digest('hex');
}
