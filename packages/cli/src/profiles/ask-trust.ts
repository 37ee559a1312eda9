import type { CollectOptions } from '@synapse/app/profiles/collect-options';
import { askLine } from '../output/ask-line.ts';
import { createNotices } from '../output/notices.ts';

/** Asks whether the files of a folder may be used; null without a terminal. */
export function askTrust(): CollectOptions['ask'] {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  return async (root, names) => {
    const { print } = createNotices(process.stderr);
    print(`${root}\nbrings texts for models: ${names.join(', ')}`);
    print('Trust a folder only if you trust everybody who can change its files.');
    const answer = await askLine('Trust this folder, and use them from now on? [y/N] ');
    const isTrusted = /^y(es)?$/i.test(answer);
    print(
      isTrusted
        ? 'Trusted. "synapse trust remove" undoes this.'
        : 'They are not used. "synapse trust add" changes this.',
    );
    return isTrusted;
  };
}
