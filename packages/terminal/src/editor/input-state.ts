import { commonPrefix, stepMenu, type Completion, type CompletionMenu } from './completion.ts';
import {
  edit,
  emptyEditing,
  moveLine,
  pasteText,
  replaceText,
  startOver,
  typeText,
  type Editing,
} from './editing.ts';
import { browseHistory, shownEntry, stepHistory, type HistoryBrowser } from './history-browser.ts';
import { editKeys } from './key-bindings.ts';
import type { KeyEvent } from './key-event.ts';
import { applyToSearch, beginSearch, type SearchMode } from './search-mode.ts';

/** The state of the input after the keys so far. */
export interface InputState {
  readonly editing: Editing;
  readonly browser?: HistoryBrowser | undefined;
  readonly search?: SearchMode | undefined;
  readonly menu?: CompletionMenu | undefined;
  /** Ctrl-X was pressed, and the next key completes the command. */
  readonly isCtrlX?: boolean;
}

/** The effect of a key other than a change of the text. */
export type Effect =
  | { readonly type: 'submit'; readonly text: string }
  | { readonly type: 'interrupt' | 'end' | 'complete' | 'narrow' }
  | { readonly type: 'clear-screen' | 'edit-outside' | 'suspend' };

export interface Outcome {
  readonly state: InputState;
  readonly effect?: Effect;
}

export const emptyInput: InputState = { editing: emptyEditing };

/** `entries` is the history, the newest last. */
export function applyEvent(
  state: InputState,
  event: KeyEvent,
  entries: readonly string[],
): Outcome {
  if (state.search !== undefined) {
    const { search, accepted } = applyToSearch(state.search, event);
    if (accepted === undefined) return { state: { ...state, search } };
    const next = { editing: accepted };
    return search === undefined ? { state: next } : applyEvent(next, event, entries);
  }
  switch (event.type) {
    case 'text': {
      const next = { editing: typeText(state.editing, event.text) };
      return state.menu === undefined
        ? { state: next }
        : { state: next, effect: { type: 'narrow' } };
    }
    case 'paste':
      return { state: { editing: pasteText(state.editing, event.text) } };
    case 'cursor-position':
      return { state };
    case 'key':
      if (state.isCtrlX) return afterCtrlX(state, event.key);
      return applyToMenu(state, event.key) ?? applyKey(state, event.key, entries);
  }
}

function afterCtrlX({ editing }: InputState, key: string): Outcome {
  if (key === 'ctrl-e') return { state: { editing }, effect: { type: 'edit-outside' } };
  return { state: { editing: key === 'ctrl-u' ? edit(editing, 'undo') : editing } };
}

/** Undefined for keys that are not for the menu: it closes, and the key has its usual effect. */
function applyToMenu({ editing, menu }: InputState, key: string): Outcome | undefined {
  if (menu === undefined) return undefined;
  switch (key) {
    case 'tab':
    case 'down':
    case 'ctrl-n':
      return { state: { editing, menu: stepMenu(menu, 1) } };
    case 'shift-tab':
    case 'up':
    case 'ctrl-p':
      return { state: { editing, menu: stepMenu(menu, -1) } };
    case 'escape':
    case 'ctrl-c':
    case 'ctrl-g':
      return { state: { editing } };
    case 'enter': {
      const chosen = menu.completion.candidates[menu.index];
      if (chosen === undefined) return undefined;
      return { state: { editing: complete(editing, menu.completion.start, chosen.value) } };
    }
    case 'backspace':
      return narrowing(edit(editing, 'delete-left'), menu);
    default:
      return undefined;
  }
}

/** The menu stays until there is a new one, but without a chosen entry. */
function narrowing(editing: Editing, { completion }: CompletionMenu): Outcome {
  return { state: { editing, menu: { completion, index: -1 } }, effect: { type: 'narrow' } };
}

function applyKey(state: InputState, key: string, entries: readonly string[]): Outcome {
  const { editing } = state;
  const { text, cursor } = editing.buffer;
  switch (key) {
    case 'enter':
      return enter(editing);
    case 'ctrl-c':
      if (text === '') return { state: emptied(editing), effect: { type: 'interrupt' } };
      return { state: { editing: replaceText(editing, '') } };
    case 'ctrl-d':
      if (text === '') return { state: emptied(editing), effect: { type: 'end' } };
      break;
    case 'up':
    case 'ctrl-p':
      return moveOrBrowse(state, 'up', entries);
    case 'down':
    case 'ctrl-n':
      return moveOrBrowse(state, 'down', entries);
    case 'ctrl-r':
      return { state: { editing, search: beginSearch(editing, entries) } };
    case 'ctrl-x':
      return { state: { editing, isCtrlX: true } };
    case 'ctrl-g':
      return { state: { editing }, effect: { type: 'edit-outside' } };
    case 'ctrl-l':
      return { state: { editing }, effect: { type: 'clear-screen' } };
    case 'ctrl-z':
      return { state: { editing }, effect: { type: 'suspend' } };
    case 'tab':
      if (/(^|\n)[ \t]*$/.test(text.slice(0, cursor)) && text !== '') {
        return { state: { editing: pasteText(editing, '\t') } };
      }
      return { state: { editing }, effect: { type: 'complete' } };
  }
  const command = editKeys[key];
  return { state: { editing: command === undefined ? editing : edit(editing, command) } };
}

/** A backslash at the end of the line asks for another line; two are just a backslash each. */
function enter(editing: Editing): Outcome {
  const { text, cursor } = editing.buffer;
  const isAtLineEnd = cursor === text.length || text[cursor] === '\n';
  const backslashes = /\\*$/.exec(text.slice(0, cursor))?.[0].length ?? 0;
  if (isAtLineEnd && backslashes % 2 === 1) {
    return { state: { editing: edit(edit(editing, 'delete-left'), 'newline') } };
  }
  return { state: emptied(editing), effect: { type: 'submit', text } };
}

function emptied(editing: Editing): InputState {
  return { editing: startOver(editing) };
}

function moveOrBrowse(
  { editing, browser }: InputState,
  direction: 'up' | 'down',
  entries: readonly string[],
): Outcome {
  const moved = moveLine(editing, direction);
  if (moved !== undefined) return { state: { editing: moved, browser } };
  const { text, cursor } = editing.buffer;
  const isBrowsing = browser !== undefined && shownEntry(browser) === text;
  const from = isBrowsing ? browser : browseHistory(entries, text, text.slice(0, cursor));
  const next = stepHistory(from, direction === 'up' ? 'older' : 'newer');
  if (next === undefined) return { state: { editing, browser } };
  return { state: { editing: replaceText(editing, shownEntry(next)), browser: next } };
}

/** The only candidate, or the common beginning of all and a menu of them. */
export function applyCompletion({ editing }: InputState, completion: Completion): InputState {
  const { start, candidates } = completion;
  const [only] = candidates;
  if (only === undefined) return { editing };
  if (candidates.length === 1) return { editing: complete(editing, start, only.value) };
  const { text, cursor } = editing.buffer;
  const common = commonPrefix(candidates.map(({ value }) => value));
  const isLonger = common.length > cursor - start && common.startsWith(text.slice(start, cursor));
  const next = isLonger ? complete(editing, start, common) : editing;
  return { editing: next, menu: { completion, index: -1 } };
}

/** New candidates for an open menu, which closes where there are none. */
export function narrowMenu({ editing }: InputState, completion: Completion): InputState {
  return completion.candidates.length === 0
    ? { editing }
    : { editing, menu: { completion, index: -1 } };
}

function complete(editing: Editing, start: number, value: string): Editing {
  const { text, cursor } = editing.buffer;
  const completed = text.slice(0, start) + value + text.slice(cursor);
  return replaceText(editing, completed, start + value.length);
}
