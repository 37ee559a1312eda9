import { openToolRoom } from './builtin-tools.ts';

/** Whether commands run in a sandbox on this machine; the shell tool itself is asked. */
export async function hasSandbox(): Promise<boolean> {
  const room = await openToolRoom({ sandbox: 'required' });
  try {
    return !(await room.call('shell', { command: ':' })).isError;
  } finally {
    await room.close();
  }
}
