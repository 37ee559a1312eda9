import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });

/** What a command printed, which is one JSON object that fits packages/cli/schemas/<name>.json. */
export function readOutput(name: string, stdout: string): Record<string, unknown> {
  const file = join(process.cwd(), 'packages/cli/schemas', `${name}.json`);
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  const value = JSON.parse(stdout) as Record<string, unknown>;
  if (!validate(value)) throw new Error(`${ajv.errorsText(validate.errors)}\n${stdout}`);
  return value;
}
