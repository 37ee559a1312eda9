import type { ApprovalQuestion } from '@synapse/core';
import { foldAnywhere, foldMiddle, toVisibleText, type Style } from '@synapse/terminal';
import { approvalChoices } from './approval-words.ts';

const effects = { read: 'looks', write: 'changes files', execute: 'can do anything' };
const detailIndent = ' '.repeat(6);
const plainName = /^[\w$.-]+$/;

/** The part of a screen that a question may take. */
export interface QuestionRoom {
  readonly columns: number;
  readonly rows: number;
}

interface Block {
  readonly rows: string[];
  readonly paint: (row: string) => string;
}

/**
 * A call that waits for approval, with whatever could hide in it spelled out, in no more rows than
 * there is room for. What the call is about stands last, above what may be answered; what is too
 * long is folded in the middle, and the rows that are left out are counted.
 */
export function describeQuestion(
  question: ApprovalQuestion,
  style: Style,
  room: QuestionRoom,
): string {
  const whole = toBlocks(question, style, room.columns, approvalChoices(question));
  const needed = whole.reduce((sum, { rows }) => sum + rows.length, 0);
  if (needed < room.rows) return toText([{ rows: [''], paint: (row) => row }, ...whole]);
  if (needed === room.rows) return toText(whole);
  const choices = `${approvalChoices(question)}, [v]iew all`;
  return toText(fold(toBlocks(question, style, room.columns, choices), room));
}

/** All of it, for a pager. */
export function describeInFull(question: ApprovalQuestion, style: Style, columns: number): string {
  return toText(toBlocks(question, style, columns, ''));
}

/** From top to bottom: who asks, the other arguments, what to beware of, the subject, the choices. */
function toBlocks(
  { tool, effect, details, warnings, reason }: ApprovalQuestion,
  style: Style,
  columns: number,
  choices: string,
): Block[] {
  const [subject, ...others] = details;
  const fold = (text: string) => foldAnywhere(text, columns, detailIndent);
  const toRows = ({ name, text }: { name: string; text: string }) => {
    const [first = '', ...lines] = toVisibleText(showLead(text)).split('\n');
    return [
      ...fold(`  ${showName(name)}: ${first}`),
      ...lines.flatMap((line) => fold(detailIndent + line)),
    ];
  };
  const plain = (row: string) => row;
  const notes = warnings.map((warning) => fold(`  Careful: ${oneLine(warning)}`));
  return [
    {
      rows: fold(`The model wants to use ${showName(tool)} (${effects[effect]})`),
      paint: style.bold,
    },
    { rows: others.flatMap(toRows), paint: plain },
    { rows: notes.flat(), paint: style.yellow },
    { rows: fold(`  ${oneLine(reason)}`), paint: style.dim },
    { rows: subject ? toRows(subject) : [], paint: plain },
    { rows: choices === '' ? [] : fold(`  ${choices}`), paint: plain },
  ];
}

/** The indexes of the blocks by importance: the subject, the choices, the warnings, the rest. */
const importance = [4, 5, 2, 0, 1, 3];

function fold(blocks: readonly Block[], { columns, rows: room }: QuestionRoom): Block[] {
  const given = blocks.map(() => 0);
  const isShort = (index: number) => (given[index] ?? 0) < (blocks[index]?.rows.length ?? 0);
  let left = room;
  // A row each in turn: what is short is shown as a whole, and what is long shares the rest.
  while (left > 0 && importance.some(isShort)) {
    for (const index of importance) {
      if (left === 0 || !isShort(index)) continue;
      given[index] = (given[index] ?? 0) + 1;
      left -= 1;
    }
  }
  return blocks.map(({ rows, paint }, index) => ({
    paint,
    rows: foldBlock(rows, given[index] ?? 0, columns),
  }));
}

function foldBlock(rows: readonly string[], most: number, columns: number): string[] {
  const [first = '', ...others] = rows;
  if (most === 1 && others.length > 0) {
    const mark = ` … +${others.length}`;
    return [(foldAnywhere(first, columns - mark.length)[0] ?? '') + mark];
  }
  return foldMiddle(rows, most, (count) => {
    const note = `  … ${count} more lines, press v to view all`;
    return foldAnywhere(note, columns)[0] ?? '';
  });
}

function toText(blocks: readonly Block[]): string {
  return blocks.flatMap(({ rows, paint }) => rows.map((row) => `${paint(row)}\n`)).join('');
}

/** A name comes from the model as the value does: quoted, unless nothing in it could be mistaken. */
function showName(name: string): string {
  return plainName.test(name) ? name : oneLine(JSON.stringify(name));
}

function oneLine(text: string): string {
  return toVisibleText(text).replaceAll('\n', '');
}

/** Space before the text would move it away from where it is looked for. */
function showLead(text: string): string {
  return text.replace(/^\s{4,}/, (lead) => `<${lead.length} characters of white space>`);
}
