import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** A name that only stores need belongs in the store-kit, one of turns, models or files in theirs. */
const MOST_NAMES_OF_INDEX = 120;

const users = [
  ...readdirSync('packages').map((name) => join('packages', name, 'src')),
  ...['test', 'docs'],
]
  .filter((folder) => folder !== join('packages', 'core', 'src'))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /[.](ts|mjs|md)$/.test(file))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
const index = readFileSync('packages/core/src/index.ts', 'utf8');
const others = ['conversation', 'files', 'models', 'server', 'store-kit'].map((name) => ({
  module: `@synapse/core/${name}`,
  source: readFileSync(`packages/core/src/${name}.ts`, 'utf8'),
}));

describe('what core exports', () => {
  it('has at most 120 names in its index', () => {
    expect(exportedBy(index).length).toBeLessThanOrEqual(MOST_NAMES_OF_INDEX);
  });

  it.each([
    ['@synapse/core', index, [...users, index.split('*/')[0]!.replaceAll(/^ \* ?/gm, '')]],
    ...others.map(({ module, source }) => [module, source, users] as const),
  ])('is named by somebody outside of core: %s', (module, source, texts) => {
    const imported = new Set(texts.flatMap((text) => importedFrom(module, text)));
    expect(exportedBy(source).filter((name) => !imported.has(name))).toEqual([]);
  });

  it('is exported once', () => {
    const all = [index, ...others.map(({ source }) => source)].flatMap(exportedBy);
    expect(all.filter((name, place) => all.indexOf(name) !== place)).toEqual([]);
  });
});

function exportedBy(source: string): string[] {
  return [...source.matchAll(/^export (?:type )?\{([^}]*)\} from/gm)].flatMap(([, names = '']) =>
    namesIn(names),
  );
}

/** Of static and of dynamic imports. */
function importedFrom(module: string, text: string): string[] {
  const pattern = new RegExp(
    String.raw`(?:import|export|const) (?:type )?\{([^}]*)\} (?:from|= await import\()\s*'${module}'`,
    'g',
  );
  return [...text.matchAll(pattern)].flatMap(([, names = '']) => namesIn(names));
}

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map(
      (name) =>
        name
          .trim()
          .replace(/^type /, '')
          .split(' as ')[0]!,
    )
    .filter((name) => name !== '');
}
