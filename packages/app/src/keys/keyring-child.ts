import type { KeyringRequest } from './keyring.ts';

const SERVICE = 'synapse';

/**
 * Runs in a separate process: a keyring that does not answer blocks the whole process, including
 * its timers.
 */
export async function answerKeyringRequest(
  input: AsyncIterable<Buffer | string>,
  output: NodeJS.WritableStream,
): Promise<void> {
  let text = '';
  for await (const chunk of input) text += String(chunk);
  const { operation, provider, key } = JSON.parse(text) as KeyringRequest;
  try {
    const { Entry } = await import('@napi-rs/keyring');
    // The other store of Linux is emptied at every boot.
    const entry = new Entry(SERVICE, provider, { linux: { store: 'secret-service' } });
    if (operation === 'set') entry.setPassword(key ?? '');
    if (operation === 'remove') entry.deleteCredential();
    const found = operation === 'get' ? entry.getPassword() : null;
    output.write(JSON.stringify({ ok: true, key: found }));
  } catch {
    output.write(JSON.stringify({ ok: false, key: null }));
  }
}
