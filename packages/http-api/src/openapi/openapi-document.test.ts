import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiDocument, routes } from '@synapse/http-api';
import { HttpTestbed } from '@synapse/test/support/http-testbed';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; schema: object; description?: string }[];
  requestBody?: { content: Record<string, { schema: object; example?: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: object; example?: unknown }> }>;
}
type Document = Record<string, unknown> & { paths: Record<string, Record<string, Operation>> };

const document = openApiDocument(routes, '1') as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
    `${method.toUpperCase()} ${path}`,
    path,
    operation,
  ]),
);

describe('the OpenAPI document', () => {
  let bed: HttpTestbed;
  beforeAll(async () => {
    bed = await HttpTestbed.open();
  });
  afterAll(() => bed.close());

  it('is that of the table, has less than 150 kB, and is not sent again without a change', async () => {
    const { body, headers } = await bed.get('/api/openapi.json');
    expect(Object.keys(body.paths!)).toEqual(Object.keys(document.paths));
    expect(JSON.stringify(body).length).toBeLessThan(150_000);
    const again = { headers: { 'if-none-match': headers.get('etag')! } };
    expect((await bed.get('/api/openapi.json', again)).status).toBe(304);
  });

  it('has one operation for each row, with an id of its own', () => {
    expect(operations).toHaveLength(routes.length);
    expect(new Set(operations.map(([, , { operationId }]) => operationId)).size).toBe(
      routes.length,
    );
  });

  it.each(operations)('describes %s by schemas that are valid', (_, path, operation) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'openapi');
    const compile = (schema: object) =>
      ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object);
    const { parameters = [], requestBody, responses } = operation;
    const named = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
    expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    for (const { schema, description } of parameters) {
      expect(() => compile(schema)).not.toThrow();
      expect(description).toMatch(/[.]$/);
    }
    const contents = [requestBody, ...Object.values(responses)].flatMap((part) =>
      Object.values(part?.content ?? {}),
    );
    for (const { schema, example } of contents) {
      const validate = compile(schema);
      if (example === undefined) continue;
      validate(example);
      expect(validate.errors ?? []).toEqual([]);
    }
  });
});
