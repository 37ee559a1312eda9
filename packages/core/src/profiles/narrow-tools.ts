import { escapeExpression } from '../approval/shell-pattern.ts';
import type { Tool, ToolSource } from '../ports/tool-source.ts';
import type { ToolLimits } from './profile.ts';

/** The same source, reduced to the tools that a profile names; it offers no other, and runs no other. */
export function narrowTools(source: ToolSource, { tools }: Pick<ToolLimits, 'tools'>): ToolSource {
  if (tools === null) return source;
  const expressions = tools.map(
    (name) => new RegExp(`^${name.split('*').map(escapeExpression).join('.*')}$`),
  );
  const isNamed = (name: string) => expressions.some((expression) => expression.test(name));
  const named = (all: readonly Tool[]) => all.filter(({ name }) => isNamed(name));
  return {
    name: source.name,
    list: async (signal) => named(await source.list(signal)),
    listKnown: async () =>
      named(await (source.listKnown?.() ?? source.list(new AbortController().signal))),
    async call(name, input, signal) {
      if (isNamed(name)) return source.call(name, input, signal);
      return { output: `The tool "${name}" is not offered.`, isError: true, attachments: [] };
    },
    close: () => source.close(),
  };
}
