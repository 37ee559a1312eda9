import { httpFailures, openApiDocument, routes, type Route } from '@synapse/http-api';

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  schema: { default?: string | number | boolean; enum?: string[] };
}

interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { description: string }>;
}

/** The reference of the HTTP interface, from the OpenAPI document of the table. */
export function httpApiPage(): string {
  const { paths } = openApiDocument(routes, '') as {
    paths: Record<string, Record<string, Operation>>;
  };
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const operations = routes
      .filter((route) => route.tag === tag)
      .map((route) => section(route, paths[route.path]?.[route.method.toLowerCase()]));
    return `## ${tag.charAt(0).toUpperCase()}${tag.slice(1)}\n\n${operations.join('\n')}`;
  });
  return [
    '# The HTTP interface',
    '',
    '`synapse serve` answers these requests; [the guide](guide/server.md) shows how to begin. `GET /api/openapi.json` is the',
    'same reference for programs. Every request needs a token (`Authorization: Bearer syn_…`) with the scope that its heading',
    'names, except probes.',
    '',
    ...sections,
    '## Failures',
    '',
    'A failure is a problem document (`application/problem+json`, RFC 9457) with a stable `code`, a `detail` and, where there',
    'is something to do about it, a `hint`. `instance` names the request in the log. Besides the codes of',
    '[errors.md](errors.md), the server has these:',
    '',
    '| code | status |',
    '| --- | --- |',
    ...httpFailures().map(([code, status]) => `| \`${code}\` | ${status} |`),
    '',
  ].join('\n');
}

function section(
  { method, path, summary, description, scope }: Route,
  operation: Operation | undefined,
): string {
  const { parameters = [], requestBody, responses = {} } = operation ?? {};
  const contents = Object.entries(requestBody?.content ?? {});
  const lines = [
    `### ${method} ${path}`,
    '',
    `${summary}.${scope === null ? '' : ` Scope: \`${scope}\`.`}${description ? ` ${description}` : ''}`,
    '',
  ];
  if (parameters.length > 0) {
    lines.push('| parameter | in | meaning |', '| --- | --- | --- |', ...parameters.map(row), '');
  }
  for (const [type, { example }] of contents) {
    lines.push(`Body: \`${type}\`${example === undefined ? '.' : ', for example'}`, '');
    if (example !== undefined) {
      lines.push('```json', JSON.stringify(example, null, 2), '```', '');
    }
  }
  const replies = Object.entries(responses).filter(([status]) => /^\d+$/.test(status));
  lines.push(...replies.map(([status, reply]) => `- ${status}: ${reply.description}`), '');
  return lines.join('\n');
}

function row({ name, in: place, description = '', schema }: Parameter): string {
  const values = schema.enum ? ` One of ${schema.enum.map((one) => `\`${one}\``).join(', ')}.` : '';
  const otherwise = schema.default === undefined ? '' : ` \`${schema.default}\` by default.`;
  const text = `${description}${values}${otherwise}`.replaceAll('|', '\\|');
  return `| \`${name}\` | ${place} | ${text} |`;
}
