import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import ts from 'typescript';
import { externalPackages } from '../../scripts/bundling/external-packages.mjs';

const root = process.cwd();

/** Notes each asynchronous function that begins, and the ones that it was called from. */
const notes = `
const { AsyncLocalStorage } = require('node:async_hooks');
const callers = new AsyncLocalStorage();
const calls = [];
globalThis.noteCall = (place, run) => {
  const call = [...(callers.getStore() ?? []), place];
  calls.push(call);
  return run && callers.run(call, run);
};
process.on('exit', () => require('node:fs').writeFileSync(process.env.CALLS_FILE, JSON.stringify(calls)));
`;

/** Bundles the command as it is now, with a note at the beginning of each asynchronous function. */
export async function bundleTraced(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(root, 'packages/cli/src/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: ['synapse:source'],
    external: externalPackages,
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(outfile).href) },
    // A bundle has one file, so that the notes of its parts are together.
    supported: { 'dynamic-import': false },
    banner: { js: notes },
    footer: { js: 'module.exports.main(process.argv.slice(2));' },
    plugins: [noteCalls],
    logLevel: 'error',
  });
}

export interface TracedRun {
  program: string;
  args: readonly string[];
  environment: Record<string, string>;
  folder: string;
}

/** Each call of the run with its callers, as `file#function`, the outermost first. */
export async function callsOf({
  program,
  args,
  environment,
  folder,
}: TracedRun): Promise<string[][]> {
  const file = join(folder, 'calls.json');
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...environment, CALLS_FILE: file, NODE_PATH: join(root, 'node_modules') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(readFileSync(file, 'utf8')) as string[][];
}

const noteCalls: Plugin = {
  name: 'note-calls',
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      return { contents: withNotes(text, relative(root, path).replaceAll(sep, '/')), loader: 'ts' };
    });
  },
};

/** The source with `noteCall(…)` around the body of each asynchronous function. */
function withNotes(text: string, file: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const inserted: { at: number; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (isAsync(node) && node.body) inserted.push(...notesFor(node, node.body, file));
    ts.forEachChild(node, visit);
  };
  visit(source);
  // At one place, the end of an inner function comes before the end of the outer one.
  const pieces = inserted.sort((a, b) => a.at - b.at);
  const ends = [0, ...pieces.map(({ at }) => at)];
  return (
    pieces.map((piece, index) => text.slice(ends[index], piece.at) + piece.text).join('') +
    text.slice(ends.at(-1))
  );
}

type AsyncFunction =
  ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

function isAsync(node: ts.Node): node is AsyncFunction {
  const isFunction =
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node);
  return (
    isFunction &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true
  );
}

function notesFor(node: AsyncFunction, body: ts.Node, file: string) {
  const { name = (node.parent as { name?: ts.Node }).name } = node;
  const place = JSON.stringify(`${file}#${name?.getText() ?? ''}`);
  const isBlock = ts.isBlock(body);
  const [start, end] = isBlock ? [body.getStart() + 1, body.end - 1] : [body.getStart(), body.end];
  // A generator runs below whoever asks it for the next event.
  if (node.asteriskToken) return [{ at: start, text: `noteCall(${place});` }];
  return [
    {
      at: start,
      text: isBlock
        ? `return noteCall(${place}, async () => {`
        : `noteCall(${place}, async () => (`,
    },
    { at: end, text: isBlock ? '})' : '))' },
  ];
}
