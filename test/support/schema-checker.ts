import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

const folder = join(process.cwd(), 'packages/cli/schemas');

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
for (const name of readdirSync(folder)) {
  ajv.addSchema(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object);
}

/** The value that a text holds; throws where it is not what the schema says. */
export function parseChecked<T = unknown>(text: string, schemaName: string): T {
  const value = JSON.parse(text) as T;
  const validate = ajv.getSchema(`${schemaName}.json`);
  if (!validate) throw new Error(`There is no schema ${schemaName}.`);
  if (!validate(value)) {
    throw new Error(
      `Not a ${schemaName}: ${ajv.errorsText(validate.errors)}\n${text.slice(0, 2000)}`,
    );
  }
  return value;
}
