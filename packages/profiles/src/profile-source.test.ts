import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { profileSourceContract } from '@synapse/test/contracts/profile-source-contract';
import { createProfileHome } from '@synapse/test/support/profile-home';
import { openProfileSource } from './profile-source.ts';

profileSourceContract('files', async () => {
  const home = createProfileHome();
  const places = {
    here: join(home.here, '.synapse'),
    above: join(home.root, '.synapse'),
    user: join(home.configHome, 'synapse'),
  };
  const write = async (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  return {
    source: openProfileSource(home),
    put: (kind, name, text, at) =>
      write(
        join(places[at], `${kind}s`, kind === 'skill' ? `${name}/SKILL.md` : `${name}.md`),
        text,
      ),
    putInstructions: (name, text, at) =>
      write(join(at === 'user' ? places.user : dirname(places[at]), name), text),
    remove: async () => rmSync(places.here, { recursive: true }),
    close: async () => home.remove(),
  };
});
