import { dirname, basename } from 'node:path';
import type { Skill } from '@synapse/core/profiles';
import type { FieldReader } from './field-reader.ts';
import { createWalkBudget, findFiles, findFolder } from './find-files.ts';
import type { Described } from './profile-format.ts';

const standardName = /^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
const clientFields = [
  ...['when-to-use', 'argument-hint', 'arguments', 'disable-model-invocation', 'user-invocable'],
  ...['allowed-tools', 'disallowed-tools', 'model', 'effort', 'context', 'agent', 'hooks', 'paths'],
  'shell',
];

/** A skill in the form of the Agent Skills standard; what it pre-approves is never taken over. */
export function readSkill(fields: FieldReader, body: string): Described<Skill> {
  const folder = dirname(fields.path);
  const folderName = basename(folder);
  const name = fields.text('name') ?? folderName;
  const description = fields.text('description');
  if (description === null) {
    fields.fail('description', 'is missing', 'description: What it does, and when to use it.');
  }
  const rules: [boolean, string][] = [
    [fields.has('name'), 'The standard demands a "name".'],
    [
      standardName.test(name),
      `By the standard, "${name}" is not a name: 1 to 64 of a-z, 0-9 and -.`,
    ],
    [
      name === folderName,
      `By the standard, the folder "${folderName}" and the name "${name}" are the same.`,
    ],
    [description.length <= 1024, 'By the standard, a description has at most 1024 characters.'],
    [
      (fields.text('compatibility') ?? '').length <= 500,
      'By the standard, "compatibility" has at most 500 characters.',
    ],
  ];
  for (const [isKept, sentence] of rules) if (!isKept) fields.warnings.push(sentence);
  fields.ignore('license', 'metadata', ...clientFields);
  const files = findFiles(folder, {
    ...{ depth: 4, boundary: findFolder(folder) ?? folder, budget: createWalkBudget() },
  }).filter((file) => file !== 'SKILL.md');
  return { name, description, body, files };
}
