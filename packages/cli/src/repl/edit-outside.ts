import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@synapse/core';

type Environment = Readonly<Record<string, string | undefined>>;

/** Changes a text in the user's own editor, `$VISUAL`, `$EDITOR` or vi, which runs in the environment. */
export async function editOutside(text: string, environment: Environment): Promise<string> {
  const named = [environment.VISUAL, environment.EDITOR].map((value) => value?.trim());
  const editor = named.find((value) => value !== undefined && value !== '') ?? 'vi';
  const directory = await mkdtemp(join(tmpdir(), 'synapse-'));
  try {
    const file = join(directory, 'prompt.md');
    await writeFile(file, text, { mode: 0o600 });
    await runEditor(editor, file, environment);
    const edited = await readFile(file, 'utf8');
    // Editors end the last line; the person did not mean to add one.
    return edited.replace(/\r?\n$/, '');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The variable holds a command with arguments, which only a shell can split. */
function runEditor(editor: string, file: string, env: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    const words = ['-c', `${editor} "$1"`, 'sh', file];
    const child = spawn('/bin/sh', words, { stdio: 'inherit', env: { ...env } });
    child.on('error', (error) => reject(editorFailed(editor, error)));
    child.on('close', (exitCode) => {
      if (exitCode === 0) resolve();
      else reject(editorFailed(editor));
    });
  });
}

function editorFailed(editor: string, cause?: unknown): UsageError {
  return new UsageError(`The editor "${editor}" failed; the text is unchanged.`, {
    hint: 'Set VISUAL or EDITOR to a command that edits a file and waits until it is closed.',
    cause,
  });
}
