import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { markdownBlocks } from '@synapse/test/support/markdown-blocks';
import ts from 'typescript';

const MOST_LINES = 25;
/** An example may use what its reader has: `store`, `apiKey`. */
const UNDECLARED = [2304, 2552, 18004];

const places = [...readdirSync('packages').map((name) => `packages/${name}`), 'config'];
const fileOf = (place: string) => join(process.cwd(), place, 'README.example.ts');

describe('the README of', () => {
  let problems: Map<string, string[]>;
  beforeAll(() => {
    problems = checkTypes(new Map(places.map((place) => [fileOf(place), exampleIn(place)])));
  });

  describe.each(places)('%s', (place) => {
    it('is there, short, and named after the package', () => {
      const lines = readFileSync(join(place, 'README.md'), 'utf8').trimEnd().split('\n');
      const { name } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
        name: string;
      };
      expect(lines[0]).toBe(`# ${name}`);
      expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
    });

    it('has an example that fits what the package exports', () => {
      const blocks = markdownBlocks(readFileSync(join(place, 'README.md'), 'utf8'));
      expect(blocks.some(({ language }) => language === 'ts' || language === 'sh')).toBe(true);
      expect(problems.get(fileOf(place)) ?? []).toEqual([]);
    });

    it('names files that exist', () => {
      const text = readFileSync(join(place, 'README.md'), 'utf8');
      const paths = [...text.matchAll(/`((?:src|bin|packages)\/[^`]*|[a-z-]+\.(?:ts|toml))`/g)];
      const missing = paths.map(([, path = '']) => path).filter((path) => !isThere(place, path));
      expect(missing).toEqual([]);
    });
  });
});

describe('a page for contributors', () => {
  it.each(['CONTRIBUTING.md', 'docs/architecture.md', 'docs/voice.md'])(
    '%s names files that exist',
    (page) => {
      const spans = readFileSync(page, 'utf8').matchAll(/`([^`\n]+)`/g);
      const paths = [...spans].flatMap(([, span = '']) => span.split(' ')).filter(isOurPath);
      expect(paths.filter((path) => !isThere('packages', path) && !isThere('test', path))).toEqual(
        [],
      );
    },
  );

  it('docs/architecture.md has a paragraph for every package', () => {
    const text = readFileSync('docs/architecture.md', 'utf8');
    const names = places.map((place) => basename(place));
    expect(names.filter((name) => !text.includes(`**\`${name}\`**`))).toEqual([]);
  });
});

/** A file, or the beginning of one; not a pattern such as `<name>`. */
function isOurPath(word: string): boolean {
  return (
    /^(packages|test|config|docs|scripts)[/]|^[a-z-]+([.]test)?[.](ts|mjs)$/.test(word) &&
    !/[<…]/.test(word)
  );
}

function exampleIn(place: string): string {
  const blocks = markdownBlocks(readFileSync(join(place, 'README.md'), 'utf8'));
  const texts = blocks.filter(({ language }) => language === 'ts').map(({ text }) => text);
  return `${texts.join('\n')}\nexport {};\n`;
}

/** What the compiler has to say of each text, as if it were a file there. */
function checkTypes(texts: ReadonlyMap<string, string>): Map<string, string[]> {
  const { config } = ts.readConfigFile('tsconfig.base.json', (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd());
  // An example may end with a value that it does not use.
  Object.assign(options, { noUnusedLocals: false, composite: false });
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (path) => texts.has(path) || onDisk.fileExists(path);
  host.readFile = (path) => texts.get(path) ?? onDisk.readFile(path);
  host.getSourceFile = (path, target, ...rest) => {
    // The types of a library would bring the names of browsers, such as `location`, into every example.
    const text = path.endsWith('lib.dom.d.ts') ? '' : texts.get(path);
    return text === undefined
      ? onDisk.getSourceFile(path, target, ...rest)
      : ts.createSourceFile(path, text, target);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return new Map(
    [...texts.keys()].map((path) => {
      const source = program.getSourceFile(path);
      const found = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
      const real = found.filter(({ code }) => !UNDECLARED.includes(code));
      return [
        path,
        real.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
      ];
    }),
  );
}

/** From the root, from the package, or the name of a file in it; `*` stands for the rest of a name. */
function isThere(place: string, path: string): boolean {
  const bare = path.replace(/[/]$/, '');
  // What jest is asked for may be the beginning of a name.
  const [folder, start] = [dirname(bare), basename(bare)];
  if (
    existsSync(folder) &&
    readdirSync(folder).some((file) => file.startsWith(start)) &&
    folder !== '.'
  )
    return true;
  if (existsSync(bare) || existsSync(join(place, bare))) return true;
  const name = new RegExp(`^${basename(bare).replaceAll('.', '[.]').replaceAll('*', '.*')}$`);
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' });
  return files.some((file) => !/node_modules|dist/.test(file) && name.test(basename(file)));
}
