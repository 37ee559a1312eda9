import type { Store } from '@synapse/core';
import { createStyle, showInPager, wantsColor } from '@synapse/terminal';
import { createNotices } from '../output/notices.ts';
import { reportError } from '../output/report-error.ts';
import type { App } from '@synapse/app/wiring';
import { toolRoots, searchPathOf } from '@synapse/app/wiring/tool-folders';
import {
  openAgent,
  type Agent,
  type AgentChoice,
  type AgentLimits,
} from '@synapse/app/agent/open-agent';

export interface OneShotAgent extends Pick<Agent, 'tools' | 'close'> {
  /** Ends the process with 77 and the reason, if approval was needed and no user could be asked. */
  reportUnapproved(): void;
}

/** The tools of a single question: asks on a terminal, and refuses where there is none. */
export async function openOneShotAgent(
  app: App,
  store: Pick<Store, 'attachments'>,
  flags: AgentChoice & { quiet: boolean },
  limits: AgentLimits | null = null,
): Promise<OneShotAgent> {
  const { stdin, stderr } = process;
  const { notify, warn } = createNotices(stderr, { isQuiet: flags.quiet });
  if (flags.yolo) warn('--yolo: whatever the model calls is run WITHOUT ASKING.');
  const agent = await openAgent(app, store, {
    ...{ flags, limits, warn },
    ask: stdin.isTTY && stderr.isTTY ? await openAsk(app) : null,
    notify,
  });
  return {
    tools: agent.tools,
    async close() {
      // After the answer, which may be on the same terminal.
      agent.failures().forEach(notify);
      await agent.close();
    },
    reportUnapproved() {
      const error = agent.unapproved.toError();
      // The answer is on stdout already, in any format: this notice goes to stderr.
      if (error) process.exitCode = reportError(error, 'text');
    },
  };
}

async function openAsk(app: App) {
  const { settings, environment } = app;
  const { stdin, stderr } = process;
  const hasColor = wantsColor({ choice: settings.output.color, isTerminal: true, environment });
  const searchPath = () => searchPathOf(app, toolRoots(app));
  const { createAsk } = await import('./ask-person.ts');
  return createAsk({
    ...{ stdin, stderr, environment, style: createStyle(hasColor) },
    page: (text) => showInPager(text, { output: stderr, environment, searchPath }),
  });
}
