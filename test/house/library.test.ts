import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { markdownBlocks } from '@synapse/test/support/markdown-blocks';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { chatReply } from '@synapse/test/support/scripted-openai';
import ts from 'typescript';

const run = promisify(execFile);
const page = readFileSync('docs/guide/library.md', 'utf8');
const blocks = markdownBlocks(page);
const examples = blocks.flatMap(({ language, text }, index) => {
  const next = blocks[index + 1];
  const output = next?.language === 'text' ? next.text : undefined;
  return language === 'ts' ? [{ name: `example-${index + 1}`, text, output }] : [];
});

describe('docs/guide/library.md', () => {
  const postgres = usePostgres();
  const folder = mkdtempSync(join(tmpdir(), 'synapse-library-'));
  let double: ProviderDouble;
  let databaseUrl: string;
  beforeAll(async () => {
    double = await openProviderDouble();
    double.script(chatReply({ text: ['Hi'] }));
    databaseUrl = await postgres.newDatabase();
    symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
    for (const { name, text } of examples) {
      writeFileSync(join(folder, `${name}.mts`), text);
      const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
      const { outputText } = ts.transpileModule(text, { compilerOptions });
      writeFileSync(join(folder, `${name}.mjs`), outputText);
    }
  });
  afterAll(async () => {
    await double.close();
    rmSync(folder, { recursive: true });
  });

  it('begins with a conversation of about ten lines', () => {
    const statements = examples[0]!.text.split('\n').filter((line) => /^(?!import)\S/.test(line));
    expect(statements.length).toBeLessThanOrEqual(13);
  });

  it('has examples that the compiler accepts', () => {
    expect(complaintsAbout(examples.map(({ name }) => join(folder, `${name}.mts`)))).toEqual([]);
  });

  it('agrees with the example in the index of core, which the compiler accepts', () => {
    const comment = readFileSync('packages/core/src/index.ts', 'utf8').split('*/')[0]!;
    const [example] = markdownBlocks(comment.replaceAll(/^ \* ?/gm, ''));
    const file = join(folder, 'index-of-core.mts');
    writeFileSync(file, example!.text);
    expect(example!.text).toContain('sessions.create');
    expect(complaintsAbout([file])).toEqual([]);
  });

  it.each(examples)('runs $name as printed', async ({ name, output }) => {
    const { stdout, stderr } = await run(process.execPath, [join(folder, `${name}.mjs`)], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        OPENAI_API_KEY: 'sk-example',
        OPENAI_BASE_URL: `${double.url}/v1`,
        DATABASE_URL: databaseUrl,
      },
    });
    expect(stderr).toBe('');
    expect(stdout).not.toBe('');
    if (output !== undefined) expect(stdout).toBe(output);
  });
});

/** As a program that uses the packages would be compiled, by the rules of the house. */
function complaintsAbout(files: readonly string[]): string[] {
  const { options, errors } = ts.parseJsonConfigFileContent(
    {
      extends: './tsconfig.base.json',
      compilerOptions: { composite: false, declarationMap: false, noEmit: true },
    },
    ts.sys,
    process.cwd(),
  );
  const program = ts.createProgram(files, { ...options, customConditions: [] });
  return [...errors, ...ts.getPreEmitDiagnostics(program)].map(
    ({ file, start = 0, messageText }) =>
      `${file?.fileName}:${(file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1} ` +
      ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}
