import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { KEYRING_COMMAND } from './keyring-command.ts';

const LIMIT_MS = 2000;

export interface KeyringRequest {
  operation: 'get' | 'set' | 'remove';
  provider: string;
  key?: string | undefined;
}

export interface KeyringAnswer {
  /** False if there is no keyring, it refuses, or it does not answer in time. */
  ok: boolean;
  key: string | null;
}

export type Keyring = (request: KeyringRequest) => Promise<KeyringAnswer>;

const NO_ANSWER: KeyringAnswer = { ok: false, key: null };

/** Asks the keyring of the system, in a child process that is ended if it takes too long. */
export function createKeyring(environment: NodeJS.ProcessEnv): Keyring {
  return async (request) => {
    if (!mayHaveKeyring(environment)) return NO_ANSWER;
    const child = spawn(process.execPath, [process.argv[1] ?? '', KEYRING_COMMAND], {
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    // Through a pipe: other users can read arguments and the environment.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(request));
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const isDone = await new Promise<boolean>((resolve) => {
      child.on('error', () => resolve(false));
      child.on('close', (code) => resolve(code === 0));
    });
    return isDone ? (JSON.parse(text) as KeyringAnswer) : NO_ANSWER;
  };
}

/** On Linux a keyring is reached over the session bus; without one there is no keyring. */
function mayHaveKeyring(environment: NodeJS.ProcessEnv): boolean {
  if (process.platform !== 'linux') return true;
  const bus = `${environment.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`}/bus`;
  return Boolean(environment.DBUS_SESSION_BUS_ADDRESS) || existsSync(bus);
}
