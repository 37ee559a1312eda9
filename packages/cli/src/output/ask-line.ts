import { currentInterrupt, SignalError } from './interrupts.ts';

/** Asks on the terminal and returns the line, '' where it was ended without one; Ctrl-C throws. */
export async function askLine(question: string, signal = currentInterrupt()): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const interrupted = new Promise<never>((_resolve, reject) => {
    prompt.once('SIGINT', () => {
      process.stderr.write('\n');
      reject(new SignalError(130));
    });
  });
  const ended = new Promise<string>((resolve) => prompt.once('close', () => resolve('')));
  try {
    const answer = signal ? prompt.question(question, { signal }) : prompt.question(question);
    return (await Promise.race([answer, interrupted, ended])).trim();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    prompt.close();
  }
}
