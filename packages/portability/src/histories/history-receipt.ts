/** The result for one file. */
export interface HistoryReceipt {
  path: string;
  /**
   * `unchanged` and `older` files are not read; `companion` ones belong to another file, with which they are read; and
   * `unknown` ones have no known format.
   */
  state: 'read' | 'unchanged' | 'older' | 'companion' | 'unknown';
  tool: string | null;
  /** The sessions of the file: the sum of the six figures below. */
  sessionCount: number;
  added: number;
  extended: number;
  forked: number;
  unchanged: number;
  older: number;
  /** Those that were not stored; `skipped` has the reasons. */
  leftOut: number;
  messageCount: number;
  sessionIds: string[];
  skipped: { place: string; reason: string; isDamage: boolean }[];
}

export function emptyReceipt(
  path: string,
  state: HistoryReceipt['state'],
  tool: string | null = null,
): HistoryReceipt {
  return {
    ...{ path, state, tool, sessionCount: 0, added: 0, extended: 0, forked: 0, unchanged: 0 },
    ...{ older: 0, leftOut: 0, messageCount: 0, sessionIds: [], skipped: [] },
  };
}
