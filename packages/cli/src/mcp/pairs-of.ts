import { UsageError } from '@synapse/core';

/** Reads `NAME=value` as often as it was given. */
export function pairsOf(flag: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        // Not the text itself: it may be a key.
        throw new UsageError(`${flag} takes a name and a value: ${flag} NAME=value.`);
      }
      return [name, value];
    }),
  );
}
