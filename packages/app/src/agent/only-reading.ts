import type { Tool, ToolSource } from '@synapse/core';

/** The same source without the tools that do more than look. */
export function onlyReading(source: ToolSource): ToolSource {
  const reading = (tools: readonly Tool[]) => tools.filter(({ effect }) => effect === 'read');
  return {
    name: source.name,
    list: async (signal) => reading(await source.list(signal)),
    listKnown: async () =>
      reading(await (source.listKnown?.() ?? source.list(new AbortController().signal))),
    call: (name, input, signal) => source.call(name, input, signal),
    close: () => source.close(),
  };
}
