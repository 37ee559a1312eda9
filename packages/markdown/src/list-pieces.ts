import type { Tokens } from 'marked';
import type { Piece } from './piece.ts';

/** What the rest of a list needs to know about its final items. */
export interface ListState {
  readonly nextNumber: number;
  readonly hasGap: boolean;
}

/** All items but the last `kept` ones, numbered on from those before. */
export function toItemPieces(
  list: Tokens.List,
  before: ListState | undefined,
  kept = 0,
): { readonly pieces: Piece[]; readonly after: ListState } {
  const start = before === undefined || !list.ordered ? list.start : before.nextNumber;
  let hasGap = before === undefined || before.hasGap;
  const pieces = list.items.slice(0, list.items.length - kept).map((item, index): Piece => {
    const hasGapBefore = hasGap;
    hasGap = endsWithGap(item);
    const isFirst = before === undefined && index === 0;
    const marker = markerOf({ ...list, start }, index);
    return { type: 'item', item, marker, hasGapBefore, isFirst };
  });
  return { pieces, after: { nextNumber: Number(start) + pieces.length, hasGap } };
}

export function markerOf(list: Tokens.List, index: number): string {
  return list.ordered ? `${Number(list.start) + index}. ` : '• ';
}

/** Whether a blank line separates the next item of the list from this one. */
export function endsWithGap(item: Tokens.ListItem): boolean {
  return /\n[ \t]*\n[ \t\n]*$/.test(item.raw);
}
