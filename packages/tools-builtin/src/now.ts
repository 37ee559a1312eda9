import type { Clock } from '@synapse/core';
import { defineTool, type BuiltinTool } from './builtin-tool.ts';

export function createNowTool(clock: Clock): BuiltinTool {
  return defineTool<Record<string, never>>({
    name: 'now',
    description: 'Returns the date, the time and the time zone of this computer.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    effect: 'read',
    async run() {
      const now = clock.now();
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const weekday = now.toLocaleDateString('en', { weekday: 'long' });
      return { text: `${now.toISOString()} (${weekday}; the local time zone is ${zone})` };
    },
  });
}
