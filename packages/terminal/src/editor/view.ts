import type { CompletionMenu } from './completion.ts';
import type { InputState } from './input-state.ts';
import { foundText, searchStatus } from './search-mode.ts';

/** The content of the region at the bottom of the screen. */
export interface View {
  readonly prompt: string;
  readonly text: string;
  readonly cursor: number;
  readonly menu?: CompletionMenu | undefined;
  /** The row below: the status of the session, or the text of the search. */
  readonly status?: string | undefined;
}

/** A search shows what it found in the place of the text, and its query in that of the status. */
export function toView(
  prompt: string,
  { editing, search, menu }: InputState,
  status: string,
): View {
  if (search === undefined) return { prompt, ...editing.buffer, menu, status };
  return { prompt, ...foundText(search), status: searchStatus(search) };
}
