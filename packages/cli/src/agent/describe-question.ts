import type { ApprovalQuestion } from '@synapse/core/conversation';
import {
  cutAnywhere,
  foldAnywhere,
  foldMiddle,
  toVisibleText,
  type Style,
} from '@synapse/terminal';
import { approvalChoices, toVisibleLine } from './approval-words.ts';

const effects = { read: 'looks', write: 'changes files', execute: 'can do anything' };
const detailIndent = ' '.repeat(6);
const plainName = /^[\w$.-]+$/;

/** The arguments whose effect a change of a file shows. */
const shownByChange = new Set(['old', 'new', 'content']);
const changeSigns: Readonly<Record<string, string>> = { '+': '  + ', '-': '  − ', ' ': '    ' };

/** The part of a screen that a question may take. */
export interface QuestionRoom {
  readonly columns: number;
  readonly rows: number;
}

interface Block {
  readonly rows: string[];
  readonly paint: (row: string) => string;
  /** If there is no room for all, 1 gets a row before 2 does. */
  readonly rank: number;
}

/**
 * A call that waits for approval, with whatever could hide in it spelled out, in no more rows than
 * there is room for. What the call is about comes last, directly above the choices; what is too
 * long is folded in the middle, and the rows that are left out are counted.
 */
export function describeQuestion(
  question: ApprovalQuestion,
  style: Style,
  room: QuestionRoom,
): string {
  const whole = toBlocks(question, style, room.columns, approvalChoices(question));
  const needed = whole.reduce((sum, { rows }) => sum + rows.length, 0);
  if (needed < room.rows) return `\n${toText(whole)}`;
  if (needed === room.rows) return toText(whole);
  const choices = approvalChoices(question, true);
  return toText(foldBlocks(toBlocks(question, style, room.columns, choices), room));
}

/** All of it, for a pager. */
export function describeInFull(question: ApprovalQuestion, style: Style, columns: number): string {
  const { change, ...details } = question;
  const all = toText(toBlocks(details, style, columns, ''));
  if (change === undefined) return all;
  const rows = toChangeRows(change, columns).map((row) => paintChange(row, style));
  return `${all}\n${rows.join('\n')}\n`;
}

/** From top to bottom: who asks, the other arguments, the warnings, the subject, the choices. */
function toBlocks(
  { tool, effect, details, warnings, reason, change }: ApprovalQuestion,
  style: Style,
  columns: number,
  choices: string,
): Block[] {
  const [subject, ...others] = details;
  const toLines = (text: string) => foldAnywhere(text, columns, detailIndent);
  const toRows = ({ name, text }: { name: string; text: string }) => {
    const [first = '', ...lines] = toVisibleText(showLead(text)).split('\n');
    return [
      ...toLines(`  ${showName(name)}: ${first}`),
      ...lines.flatMap((line) => toLines(detailIndent + line)),
    ];
  };
  const plain = (row: string) => row;
  const notes = warnings.map((warning) => toLines(`  Careful: ${toVisibleLine(warning)}`));
  return [
    {
      rows: toLines(`The model wants to use ${showName(tool)} (${effects[effect]})`),
      paint: style.bold,
      rank: 4,
    },
    {
      rows: others.filter(({ name }) => !change || !shownByChange.has(name)).flatMap(toRows),
      ...{ paint: plain, rank: 5 },
    },
    {
      rows: change === undefined ? [] : toChangeRows(change, columns),
      paint: (row: string) => paintChange(row, style),
      rank: 5,
    },
    { rows: notes.flat(), paint: style.yellow, rank: 3 },
    { rows: toLines(`  ${toVisibleLine(reason)}`), paint: style.dim, rank: 6 },
    { rows: subject ? toRows(subject) : [], paint: plain, rank: 1 },
    { rows: choices === '' ? [] : toLines(`  ${choices}`), paint: plain, rank: 2 },
  ];
}

/** The lines of a unified diff, each with its sign; lines between two changes are left out. */
function toChangeRows(change: string, columns: number): string[] {
  const lines = change.split('\n');
  const isIn = (line: string) => changeSigns[line.charAt(0)] !== undefined;
  const body = lines.slice(lines.findIndex((line) => line.startsWith('@@')) + 1);
  return body.flatMap((line) => {
    if (line.startsWith('@@')) return ['    ⋮'];
    if (!isIn(line)) return [];
    const text = `${changeSigns[line.charAt(0)] ?? ''}${toVisibleLine(line.slice(1))}`;
    return foldAnywhere(text, columns, detailIndent);
  });
}

function paintChange(row: string, style: Style): string {
  if (row.startsWith('  + ')) return style.green(row);
  return row.startsWith('  − ') ? style.red(row) : row;
}

function foldBlocks(blocks: readonly Block[], { columns, rows: room }: QuestionRoom): Block[] {
  const byRank = [...blocks].sort((a, b) => a.rank - b.rank);
  const given = new Map(blocks.map((block) => [block, 0]));
  const givenTo = (block: Block) => given.get(block) ?? 0;
  let left = room;
  // Shares the rows out one by one: short parts are shown whole, and long ones share the rest.
  while (left > 0) {
    const longer = byRank.filter((block) => givenTo(block) < block.rows.length).slice(0, left);
    if (longer.length === 0) break;
    for (const block of longer) given.set(block, givenTo(block) + 1);
    left -= longer.length;
  }
  return blocks.map((block) => ({
    ...block,
    rows: foldBlock(block.rows, givenTo(block), columns),
  }));
}

function foldBlock(rows: readonly string[], most: number, columns: number): string[] {
  const [first = '', ...others] = rows;
  if (most === 1 && others.length > 0) {
    const mark = ` … +${others.length}`;
    return [cutAnywhere(first, columns - mark.length) + mark];
  }
  return foldMiddle(rows, most, (count) => {
    const note = `  … ${count} more lines, press v to view all`;
    return cutAnywhere(note, columns);
  });
}

function toText(blocks: readonly Block[]): string {
  return blocks.flatMap(({ rows, paint }) => rows.map((row) => `${paint(row)}\n`)).join('');
}

/** The model chooses the names as well as the values: a name is quoted unless it is plainly one. */
function showName(name: string): string {
  return plainName.test(name) ? name : toVisibleLine(JSON.stringify(name));
}

/** Leading space would move the text away from where people look for it. */
function showLead(text: string): string {
  return text.replace(/^\s{4,}/, (lead) => `<${lead.length} characters of white space>`);
}
