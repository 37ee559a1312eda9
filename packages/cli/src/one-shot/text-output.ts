import {
  createSpinner,
  type Spinner,
  createStyle,
  wantsColor,
  type ColorChoice,
} from '@synapse/terminal';
import { createNotices } from '../output/notices.ts';
import { createAnswerView } from '../conversation/answer-view.ts';
import type { OneShotOutput } from '@synapse/app/conversation/answer';
import { hintAtResume, type Streams } from './one-shot-output.ts';

export interface TextOutputOptions extends Streams {
  isQuiet: boolean;
  /** Markdown is printed unrendered. */
  isRaw: boolean;
  showsReasoning: boolean;
  color: ColorChoice;
  environment: NodeJS.ProcessEnv;
}

/** Streams the answer to stdout; all notices go to stderr. */
export async function createTextOutput(options: TextOutputOptions): Promise<OneShotOutput> {
  const { stdout, stderr, isQuiet, isRaw, color: choice, environment } = options;
  const { notify, warn } = createNotices(stderr, { isQuiet });
  const spinner = isQuiet
    ? silentSpinner
    : createSpinner({ terminal: stderr, isPlain: environment.TERM === 'dumb' });
  const isShown = options.showsReasoning && stderr.isTTY && !isQuiet;
  const styleOn = ({ isTTY }: NodeJS.WriteStream) =>
    createStyle(wantsColor({ choice, isTerminal: isTTY, environment }));
  const view = await createAnswerView({
    ...{ stdout, spinner, notify, warn },
    isRendered: stdout.isTTY && !isRaw && environment.TERM !== 'dumb',
    answerStyle: styleOn(stdout),
    asideStyle: styleOn(stderr),
    reasoning: isShown ? 'shown' : 'hidden',
    writeAside: (text) => {
      if (!isQuiet) stderr.write(text);
    },
  });
  return {
    begin(session, isNew) {
      if (isNew && session.handle) notify(`created session "${session.handle}"`);
      spinner.start('thinking …');
    },
    event: (event) => view.event(event),
    async end(answer, sessions) {
      await view.end();
      await hintAtResume(answer, sessions, { stdout, stderr, notify });
    },
    async fail(run, sessions) {
      view.abort();
      await hintAtResume(run, sessions, { stdout, stderr, notify });
    },
  };
}

const silentSpinner: Spinner = { start: () => undefined, stop: () => undefined };
