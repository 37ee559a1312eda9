import { createHash } from 'node:crypto';

const MAX_LENGTH = 64;
const MAX_SERVER_LENGTH = 24;

/**
 * The server's part of a tool name. A clean name stays as it is; any other gets a hash. So no two
 * servers share a part, and no part ends where the tool name of another might begin.
 */
export function serverSlug(server: string): string {
  const isClean =
    /^[a-zA-Z0-9-]+(?:_[a-zA-Z0-9-]+)*$/.test(server) && server.length <= MAX_SERVER_LENGTH;
  return isClean ? server : `${sanitize(server).slice(0, 12)}-${hashOf(server)}`;
}

/**
 * `mcp__<server>__<tool>`, fitted to `[a-zA-Z0-9_-]{1,64}`. Different servers never share a name,
 * so no tool can replace that of another server or a built-in one.
 */
export function toolName(server: string, tool: string): string {
  const prefix = `mcp__${serverSlug(server)}__`;
  const room = MAX_LENGTH - prefix.length;
  if (/^[a-zA-Z0-9_-]+$/.test(tool) && tool.length <= room) return prefix + tool;
  const hash = hashOf(tool);
  return `${prefix}${sanitize(tool).slice(0, room - hash.length - 1)}_${hash}`;
}

/** Repeated underscores are reduced to one, so that a slug never contains the separator. */
function sanitize(text: string): string {
  return text.replace(/[^a-zA-Z0-9-]+/g, '_').replace(/^_+|_+$/g, '') || 'x';
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
