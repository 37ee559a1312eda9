import { join } from 'node:path';
import { changeKeyFile, readKeyFile, type KeyRecord } from './key-file.ts';
import { createKeyring, type Keyring } from './keyring.ts';

export type KeyPlace = KeyRecord['place'];

/** Keys by provider: in the keyring of the system, else in a file that only its owner may read. */
export interface KeyStore {
  readonly path: string;
  find(provider: string): Promise<string | undefined>;
  /** Returns the new place of the key. */
  set(provider: string, key: string, options: { isFile: boolean }): Promise<KeyPlace>;
  /** Returns false if there was no key. */
  remove(provider: string): Promise<boolean>;
  /** Where each key is stored; does not access the keyring. */
  places(): Record<string, KeyPlace>;
}

/** The file also lists the keys in the keyring, so that no run waits for an empty keyring. */
export function createKeyStore(
  folder: string,
  environment: NodeJS.ProcessEnv,
  keyring: Keyring = createKeyring(environment),
): KeyStore {
  const path = join(folder, 'keys.json');
  return {
    path,
    async find(provider) {
      const record = recordOf(provider, readKeyFile(path));
      if (record?.place !== 'keyring') return record?.key;
      const { key } = await keyring({ operation: 'get', provider });
      return key ?? undefined;
    },
    async set(provider, key, { isFile }) {
      let place: KeyPlace = 'file';
      await changeKeyFile(path, async (keys) => {
        const isInKeyring = !isFile && (await keyring({ operation: 'set', provider, key })).ok;
        const record: KeyRecord = isInKeyring ? { place: 'keyring' } : { place: 'file', key };
        if (!isInKeyring && recordOf(provider, keys)?.place === 'keyring') {
          await keyring({ operation: 'remove', provider });
        }
        place = record.place;
        return { ...keys, [provider]: record };
      });
      return place;
    },
    async remove(provider) {
      // Creates nothing if there is nothing to remove.
      if (!recordOf(provider, readKeyFile(path))) return false;
      await changeKeyFile(path, async (keys) => {
        if (recordOf(provider, keys)?.place === 'keyring') {
          await keyring({ operation: 'remove', provider });
        }
        return Object.fromEntries(Object.entries(keys).filter(([name]) => name !== provider));
      });
      return true;
    },
    places() {
      return Object.fromEntries(
        Object.entries(readKeyFile(path)).map(([provider, { place }]) => [provider, place]),
      );
    },
  };
}

function recordOf(
  provider: string,
  keys: Readonly<Record<string, KeyRecord>>,
): KeyRecord | undefined {
  return Object.hasOwn(keys, provider) ? keys[provider] : undefined;
}
