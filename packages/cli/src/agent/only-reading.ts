import type { ToolSource } from '@synapse/core';

/** The same source without the tools that do more than look. */
export function onlyReading(source: ToolSource): ToolSource {
  return {
    name: source.name,
    async list(signal) {
      return (await source.list(signal)).filter(({ effect }) => effect === 'read');
    },
    call: (name, input, signal) => source.call(name, input, signal),
    close: () => source.close(),
  };
}
