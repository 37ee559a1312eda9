import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { writers } from '../contracts/history-format/index.ts';

const rows = readFileSync('docs/guide/import.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').map((cell) => cell.trim().toLowerCase()));
const words = {
  branches: /branches/,
  calls: /tool calls/,
  images: /images|attachments/,
  reasoning: /reasoning/,
};

/** What the guide says of a tool; "the same" is what it says of the tool above. */
function keptBy(tool: string): string {
  const index = rows.findIndex(([, names = '']) =>
    names.split(', ').some((name) => name.replaceAll(/[ .]/g, '-').startsWith(tool)),
  );
  const kept = rows[index]?.[3] ?? '';
  return kept === 'the same' ? (rows[index - 1]?.[3] ?? '') : kept;
}

it.each(writers)(
  'docs/guide/import.md says what a session of $tool ($path) keeps',
  ({ tool, keeps }) => {
    const kept = keptBy(tool);
    const missing = Object.entries(words).filter(
      ([name, word]) => keeps[name as keyof typeof words] === true && !word.test(kept),
    );
    expect(missing).toEqual([]);
  },
);
