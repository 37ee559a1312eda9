import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mapStack } from './map-stack.ts';

describe('mapStack', () => {
  let folder: string;
  let bundle: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'synapse a b '));
    mkdirSync(join(folder, 'bundle'));
    bundle = join(folder, 'bundle/synapse.cjs');
    const map = { version: 3, sources: ['../../core/src/a.ts'], names: [], mappings: 'AAKE' };
    writeFileSync(`${bundle}.map`, JSON.stringify(map));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('names the sources, wherever the bundle is and however a frame is written', () => {
    const frames = [`new f (${bundle}:1:9)`, `async ${bundle}:1:9`, `async f (${bundle}:1:9)`];
    const stack = ['Error: x', ...frames, `${bundle}:1:9`].join('\n  at ');
    const place = 'core/src/a.ts:6:3';
    expect(mapStack(stack)).toBe(
      ['Error: x', place, `async ${place}`, `async ${place}`, place].join('\n  at '),
    );
  });

  it('uses the map of each file of the bundle', () => {
    const other = join(folder, 'bundle/rarely-used.cjs');
    const map = { version: 3, sources: ['../../http-api/src/b.ts'], names: [], mappings: 'AAAA' };
    writeFileSync(`${other}.map`, JSON.stringify(map));
    expect(mapStack(`Error: x\n  at ${bundle}:1:9\n  at ${other}:1:1`)).toBe(
      'Error: x\n  at core/src/a.ts:6:3\n  at http-api/src/b.ts:1:1',
    );
  });

  it('leaves frames without a source map unchanged', () => {
    rmSync(`${bundle}.map`);
    const stack = `Error: x\n  at f (${bundle}:1:9)\n  at g (node:fs:1:2)`;
    expect(mapStack(stack)).toBe(stack);
  });
});
