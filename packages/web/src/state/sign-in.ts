import { Problem } from '../api/problem.ts';
import { get, send } from '../api/client.ts';
import { nameThisBrowser } from './name-this-browser.ts';
import { token } from './token.ts';

/**
 * Takes the token out of the address, so that neither the history nor a screenshot has it, and
 * replaces it by one of this browser, which can be revoked alone.
 */
export async function signInFromAddress(): Promise<void> {
  const given = /^#token=(syn_[\w-]+)$/.exec(location.hash)?.[1];
  if (given === undefined) return;
  history.replaceState(null, '', '#/');
  if (token.value !== null && (await isValid())) return;
  await signIn(given);
}

/** Rejects with a Problem if the token is not valid. */
export async function signIn(given: string): Promise<void> {
  try {
    const content = { name: nameThisBrowser() };
    const reply = await send('POST', '/api/tokens', { content, token: given });
    token.value = ((await reply.json()) as { secret: string }).secret;
  } catch (error) {
    if (!(error instanceof Problem && error.status === 403)) throw error;
    // Without the scope "admin", the given token is already that of a device.
    token.value = given;
  }
}

async function isValid(): Promise<boolean> {
  try {
    await get('/api/server');
    return true;
  } catch (error) {
    return error instanceof Problem && error.status !== 401;
  }
}
