import type { CollectOptions } from '@synapse/app/profiles/collect-options';
import type { App } from '@synapse/app/wiring';
import { askLine } from '../output/ask-line.ts';
import { createNotices } from '../output/notices.ts';

/** Asks once whether the files of a folder may be used, and stores the answer; null without a terminal. */
export function askTrust(app: App): CollectOptions['ask'] {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  return async (root, names) => {
    const { print } = createNotices(process.stderr);
    print(`${root}\nbrings texts for models: ${names.join(', ')}`);
    print('Trust a folder only if you trust everybody who can change its files.');
    const answer = await askLine('Trust this folder, and use them from now on? [y/N] ');
    const isTrusted = /^y(es)?$/i.test(answer);
    const { decideTrust } = await import('@synapse/app/profiles/trust-folder');
    await decideTrust(app, isTrusted);
    print(
      isTrusted
        ? 'Trusted. "synapse trust remove" undoes this.'
        : 'They are not used. "synapse trust add" changes this.',
    );
    return isTrusted;
  };
}
