import {
  emptyBuffer,
  insertText,
  removeRange,
  toBuffer,
  transpose,
  type EditBuffer,
} from './edit-buffer.ts';
import { offsetAfter, type Motion } from './motions.ts';
import { columnOf, moveVertically } from './move-vertically.ts';

/** A buffer with its memory: undo steps, killed text, the column to keep. */
export interface Editing {
  readonly buffer: EditBuffer;
  readonly past: readonly EditBuffer[];
  /** The newest last. */
  readonly killed: readonly string[];
  readonly goalColumn: number | undefined;
  readonly last: Last;
}

type Last =
  | { readonly did: 'type' | 'kill' | 'other' }
  | { readonly did: 'yank'; readonly start: number; readonly ringIndex: number };

export type EditCommand =
  | `move-${Motion}`
  | `delete-${Motion}`
  | `kill-${Motion}`
  | 'newline'
  | 'transpose'
  | 'yank'
  | 'yank-older'
  | 'undo';

const mostPast = 200;
const mostKilled = 20;
const other: Last = { did: 'other' };

export const emptyEditing: Editing = {
  buffer: emptyBuffer,
  past: [],
  killed: [],
  goalColumn: undefined,
  last: other,
};

/** Typed text is undone word by word. */
export function typeText(editing: Editing, text: string): Editing {
  const next = insertText(editing.buffer, text);
  if (next.text === editing.buffer.text) return editing;
  const before = editing.buffer.text.slice(0, editing.buffer.cursor);
  const isSameWord = editing.last.did === 'type' && !(/\s$/.test(before) && /^\S/.test(text));
  if (isSameWord) return { ...editing, buffer: next };
  return changed(editing, next, { did: 'type' });
}

export function pasteText(editing: Editing, text: string): Editing {
  return changed(editing, insertText(editing.buffer, text));
}

/** Replaces the whole text; undo restores the former one. */
export function replaceText(editing: Editing, text: string, cursor?: number): Editing {
  return changed(editing, toBuffer(text, cursor));
}

/** For the next line: nothing to undo, but killed text can still be yanked. */
export function startOver({ killed }: Editing): Editing {
  return { ...emptyEditing, killed };
}

/** Undefined where there is no line above or below. */
export function moveLine(editing: Editing, direction: 'up' | 'down'): Editing | undefined {
  const column = editing.goalColumn ?? columnOf(editing.buffer);
  const buffer = moveVertically(editing.buffer, direction, column);
  return buffer && { ...editing, buffer, goalColumn: column, last: other };
}

export function edit(editing: Editing, command: EditCommand): Editing {
  const { buffer } = editing;
  switch (command) {
    case 'newline':
      return changed(editing, insertText(buffer, '\n'));
    case 'transpose':
      return changed(editing, transpose(buffer));
    case 'undo':
      return undo(editing);
    case 'yank':
      return yank(editing, editing.killed.length - 1, buffer);
    case 'yank-older':
      return yankOlder(editing);
    default:
      return editByMotion(editing, command);
  }
}

type MotionCommand = Extract<EditCommand, `${string}-${Motion}`>;

function editByMotion(editing: Editing, command: MotionCommand): Editing {
  const { buffer } = editing;
  const [verb, motion] = splitCommand(command);
  const offset = offsetAfter(buffer, motion);
  if (verb === 'move') return settled(editing, { text: buffer.text, cursor: offset });
  if (offset === buffer.cursor) return settled(editing, buffer);
  const rest = removeRange(buffer, buffer.cursor, offset);
  return verb === 'delete' ? changed(editing, rest) : kill(editing, rest, offset);
}

function splitCommand(command: MotionCommand) {
  const dash = command.indexOf('-');
  return [command.slice(0, dash), command.slice(dash + 1)] as ['move' | 'delete' | 'kill', Motion];
}

/** Consecutive kills are joined into one piece. */
function kill(editing: Editing, rest: EditBuffer, offset: number): Editing {
  const { buffer, killed, last } = editing;
  const isBackward = offset < buffer.cursor;
  const [start, end] = isBackward ? [offset, buffer.cursor] : [buffer.cursor, offset];
  const piece = buffer.text.slice(start, end);
  const before = last.did === 'kill' ? (killed.at(-1) ?? '') : '';
  const older = last.did === 'kill' ? killed.slice(0, -1) : killed;
  const ring = [...older, isBackward ? piece + before : before + piece].slice(-mostKilled);
  return { ...changed(editing, rest, { did: 'kill' }), killed: ring };
}

function yank(editing: Editing, ringIndex: number, onto: EditBuffer): Editing {
  const text = editing.killed[ringIndex];
  if (text === undefined) return settled(editing, editing.buffer);
  const last = { did: 'yank', start: onto.cursor, ringIndex } as const;
  return changed(editing, insertText(onto, text), last);
}

function yankOlder(editing: Editing): Editing {
  const { buffer, killed, last } = editing;
  if (last.did !== 'yank') return settled(editing, buffer);
  const without = removeRange(buffer, last.start, buffer.cursor);
  return yank(editing, (last.ringIndex + killed.length - 1) % killed.length, without);
}

function undo(editing: Editing): Editing {
  const before = editing.past.at(-1);
  if (before === undefined) return settled(editing, editing.buffer);
  return { ...settled(editing, before), past: editing.past.slice(0, -1) };
}

function settled(editing: Editing, buffer: EditBuffer): Editing {
  return { ...editing, buffer, goalColumn: undefined, last: other };
}

function changed(editing: Editing, buffer: EditBuffer, last: Last = other): Editing {
  const past =
    buffer.text === editing.buffer.text
      ? editing.past
      : [...editing.past, editing.buffer].slice(-mostPast);
  return { ...editing, buffer, past, goalColumn: undefined, last };
}
