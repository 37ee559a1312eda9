import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const folder = join(process.cwd(), 'packages/cli/schemas');

/** What is wrong with a value that the command line printed, by the schema of this file; empty where it fits. */
export function schemaProblems(file: string, value: unknown): string[] {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
  for (const name of readdirSync(folder)) {
    ajv.addSchema(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object, name);
  }
  const validate = ajv.getSchema(file);
  if (!validate) throw new Error(`There is no schema ${file}.`);
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = '' }) => `${instancePath} ${message}`,
  );
}

/** What a command printed, which is one JSON object that fits packages/cli/schemas/<name>.json. */
export function readOutput(name: string, stdout: string): Record<string, unknown> {
  const value = JSON.parse(stdout) as Record<string, unknown>;
  const problems = schemaProblems(`${name}.json`, value);
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\n${stdout}`);
  return value;
}
