import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '@synapse/core';
import { addAllowRules } from './add-allow-rules.ts';

/** Adds rules to `tools.allow` of the config file, and leaves all else in it as it is. */
export async function rememberRules(file: string, rules: readonly string[]): Promise<void> {
  const target = await realpath(file).catch(() => file);
  const text = await readFile(target, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new ConfigError(`${file} can't be read, so the rule is not kept.`, { cause: error });
  });
  const changed = addAllowRules(text, rules);
  if (changed === undefined) {
    const list = rules.map((rule) => JSON.stringify(rule)).join(', ');
    throw new ConfigError(`${file} is written in a way that Synapse does not edit.`, {
      hint: `Add this to allow under [tools] yourself: ${list}`,
    });
  }
  if (changed !== text) await replaceFile(target, changed);
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}
