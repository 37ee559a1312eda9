import type { OneShotOutput, Streams } from './one-shot-output.ts';

export interface TextOutputOptions extends Streams {
  isQuiet: boolean;
}

/** The answer as it comes on stdout; whatever else there is to say goes to stderr. */
export function createTextOutput({ stdout, stderr, isQuiet }: TextOutputOptions): OneShotOutput {
  let endsWithNewline = true;
  const say = (text: string) => {
    if (!isQuiet) stderr.write(`synapse: ${text}\n`);
  };
  const finishLine = () => {
    if (!endsWithNewline) stdout.write('\n');
    endsWithNewline = true;
  };
  return {
    begin(session, isNew) {
      if (isNew && session.handle) say(`created session "${session.handle}"`);
    },
    event(event) {
      if (event.type === 'text-delta') {
        stdout.write(event.text);
        endsWithNewline = event.text.endsWith('\n');
      } else if (event.type === 'notice') {
        say(event.text);
      } else if (event.type === 'storage-failed') {
        finishLine();
        stderr.write(`synapse: THIS ANSWER IS NOT SAVED: ${event.error.message}\n`);
      }
    },
    end({ session, isSaved }) {
      finishLine();
      if (isSaved && stderr.isTTY)
        say(`go on with: synapse -c, or -s ${session.handle ?? session.id}`);
    },
    fail: finishLine,
  };
}
