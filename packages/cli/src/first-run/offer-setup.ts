import { InvalidDataError, UsageError } from '@synapse/core';
import { providerStatus, type ProviderStatus } from '@synapse/core/models';
import { readSecret, withoutEcho } from '../keys/read-secret.ts';
import { askLine } from '../output/ask-line.ts';
import { createNotices } from '../output/notices.ts';
import type { App } from '@synapse/app/wiring';

const { print } = createNotices(process.stderr);

/** Lets a person choose a provider, and stores the key; null if they decline. */
export async function offerSetup(app: App): Promise<string | null> {
  const offered = providerStatus(app.providerSources).filter(
    ({ keyVariables, isLocal, baseUrl }) => keyVariables.length > 0 && !isLocal && baseUrl !== null,
  );
  print('No provider is configured. Choose one:\n');
  for (const [index, { title }] of offered.entries()) {
    print(`${String(index + 1).padStart(4)}  ${title}`);
  }
  print('   d  the demo: built in, offline, not a language model\n');
  print('A running Ollama or LM Studio is detected automatically. Press Enter to skip.');

  for (;;) {
    const typed = await askLine('Number or name: ');
    const answer = typed.toLowerCase();
    if (answer === '') return null;
    if (answer === 'd' || answer === 'demo') return 'demo';
    const chosen = offered[Number(answer) - 1] ?? offered.find(({ name }) => name === answer);
    if (chosen) {
      const kept = await withoutEcho(process.stdin, () => keepKey(app, chosen));
      return kept ? chosen.name : null;
    }
    print(`"${typed.slice(0, 40)}" is not in the list.`);
  }
}

/** False if no key was entered. */
async function keepKey(app: App, { name, title }: ProviderStatus): Promise<boolean> {
  for (;;) {
    try {
      const key = await readSecret(`Key for ${title} (not shown): `, process.stdin);
      const keys = await app.openKeys();
      const place = await keys.set(name, key, { isFile: false });
      const where = place === 'file' ? `${keys.path}, readable by you alone` : 'the keyring';
      print(`Stored in ${where}; "synapse keys" shows and removes keys.\n`);
      return true;
    } catch (error) {
      if (error instanceof UsageError) return false;
      if (!(error instanceof InvalidDataError)) throw error;
      print([error.message, error.hint].join(' '));
    }
  }
}
