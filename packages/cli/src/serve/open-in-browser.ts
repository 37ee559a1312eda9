import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writePrivateFile } from '@synapse/core/files';

const openers: Readonly<Record<string, string>> = { darwin: 'open', win32: 'explorer' };

/**
 * Opens the address in the browser of the user. The address has a token, and other users can read the
 * arguments of a process: so the browser opens a file that only the user can read, which leads there.
 */
export async function openInBrowser(
  address: string,
  folder: string,
  notify: (text: string) => void,
): Promise<void> {
  const file = join(folder, 'open.html');
  const target = JSON.stringify(address).replaceAll('<', '\\u003c');
  await writePrivateFile(
    file,
    `<!doctype html><meta charset="utf-8"><title>Synapse</title><script>location.replace(${target})</script>\n`,
  );
  const opener = openers[process.platform] ?? 'xdg-open';
  const child = spawn(opener, [pathToFileURL(file).href], { stdio: 'ignore', detached: true });
  child.on('error', () => notify(`no browser could be opened: ${opener} is missing`));
  child.unref();
}
