import type { SearchHit, SnippetPiece } from '@synapse/core';
import { toRelativeTime, toSafeText, truncateToWidth, wrapText } from '@synapse/terminal';
import type { OutputStyle } from '../output/output-style.ts';
import { nameOf, toOneLine } from './name-of.ts';
import { shortIdsOf } from '@synapse/app/sessions/short-ids';

const NARROW_COLUMNS = 60;

/** The matches under the names of their sessions; in a pipe one line each, with tabs between the fields. */
export function renderHits(
  hits: readonly SearchHit[],
  outputStyle: OutputStyle,
  now: Date,
): string {
  const { columns, style } = outputStyle;
  if (columns === undefined) return hits.map(toLine).join('');
  const shortIds = shortIdsOf(hits.map(({ sessionId }) => sessionId));
  return hits
    .map((hit) => {
      const { sessionId, seq, role, createdAt } = hit;
      const id = shortIds.get(sessionId) ?? sessionId;
      const time = columns < NARROW_COLUMNS ? '' : ` · ${toRelativeTime(createdAt, now)}`;
      const place = `#${seq} ${role}${time}${markOf(hit)}`;
      const name = truncateToWidth(
        nameIn(hit),
        Math.max(4, columns - id.length - place.length - 4),
      );
      const snippet = hit.snippet.map((piece) => toMarked(piece, outputStyle)).join('');
      const lines = wrapText(snippet, Math.max(1, columns - 2)).map((line) => `  ${line}\n`);
      return `${style.cyan(id)}  ${style.bold(name)}  ${style.dim(place)}\n${lines.join('')}`;
    })
    .join('\n');
}

function toLine(hit: SearchHit): string {
  const snippet = hit.snippet.map(({ text }) => text).join('');
  const role = `${hit.role}${markOf(hit)}`;
  const cells = [hit.sessionId, `#${hit.seq}`, role, hit.createdAt.toISOString(), nameIn(hit)];
  return `${[...cells, toOneLine(snippet)].join('\t')}\n`;
}

/** Without colour, a match is put between stars. */
function toMarked({ text, isMatch }: SnippetPiece, { style }: OutputStyle): string {
  const safe = toSafeText(text).replaceAll('\n', ' ');
  if (!isMatch) return safe;
  return style.hasColor ? style.bold(style.yellow(safe)) : `*${safe}*`;
}

function markOf({ active }: SearchHit): string {
  return active ? '' : ' · not in the conversation';
}

function nameIn({ sessionHandle, sessionTitle }: SearchHit): string {
  return toOneLine(nameOf({ handle: sessionHandle, title: sessionTitle }));
}
