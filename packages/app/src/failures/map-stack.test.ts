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
    const stack = `Error: x\n  at f (${bundle}:1:9)\n  at async ${bundle}:1:9\n  at ${bundle}:1:9`;
    expect(mapStack(stack)).toBe(
      'Error: x\n  at f (core/src/a.ts:6:3)\n  at async core/src/a.ts:6:3\n  at core/src/a.ts:6:3',
    );
  });

  it('leaves frames without a source map unchanged', () => {
    rmSync(`${bundle}.map`);
    const stack = `Error: x\n  at f (${bundle}:1:9)\n  at g (node:fs:1:2)`;
    expect(mapStack(stack)).toBe(stack);
  });
});
