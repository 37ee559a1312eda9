import {
  messageSchema,
  partSchema,
  sessionSchema,
  type JsonSchema,
} from '@synapse/portability/json-schemas';

/** The schemas of the JSON of sessions, messages and their parts, by their files. */
export function fieldSchemas(): Record<string, string> {
  const schemas: [file: string, title: string, schema: JsonSchema][] = [
    ['session.json', 'A session', sessionSchema()],
    ['message.json', 'A message of a session', messageSchema({ $ref: 'part.json' })],
    ['part.json', 'A part of a message', partSchema()],
  ];
  return Object.fromEntries(
    schemas.map(([file, title, schema]) => [
      `packages/cli/schemas/${file}`,
      fileOf(file, title, schema),
    ]),
  );
}

function fileOf($id: string, title: string, schema: JsonSchema): string {
  const $schema = 'https://json-schema.org/draft/2020-12/schema';
  return `${JSON.stringify({ $schema, $id, title, ...schema }, null, 2)}\n`;
}
