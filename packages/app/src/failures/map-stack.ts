import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';

/** A frame in the bundle behind its `at`: the name of the function, which is minified, and the place. */
const frame =
  /(?<=\bat (?:async )?)(?:(?!async )[^()\n]+ \()?((?:[A-Z]:)?[\\/][^()\n]*[\\/]bundle[\\/](?:synapse|rarely-used)\.cjs):(\d+):(\d+)\)?/g;

/**
 * Maps a stack of the bundle to its sources; Node does so by itself only for modules that it has
 * loaded.
 */
export function mapStack(stack: string): string {
  const maps = new Map<string, SourceMap>();
  return stack.replaceAll(frame, (whole, file: string, line: string, column: string) => {
    try {
      const map = maps.get(file) ?? readMap(file);
      maps.set(file, map);
      const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
      if (!('originalSource' in entry)) return whole;
      const source = entry.originalSource.replace(/^(\.\.[\\/])+/, '');
      return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
    } catch {
      return whole;
    }
  });
}

function readMap(file: string): SourceMap {
  return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
}
