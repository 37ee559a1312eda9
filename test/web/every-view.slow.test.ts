import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newId } from '@synapse/core';
import { missingBrowser } from '@synapse/test/support/browser';
import { itNeeds } from '@synapse/test/support/it-needs';
import { chatReply } from '@synapse/test/support/scripted-openai';
import { WebTestbed } from '@synapse/test/support/web-testbed';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const itInBrowser = itNeeds(missingBrowser);
/** Where the pictures of the guide go; none are made without it. */
const pictures = process.env.SYNAPSE_TEST_PICTURES;
const widths = [360, 768, 1440];

const ANSWER = `There are two ways:

1. **By train**, three hours along the coast. Buy the ticket [on the web](https://www.cp.pt).
2. By bus, a little cheaper.

| way   | hours | price |
| ----- | ----- | ----- |
| train | 2:50  | €27   |
| bus   | 3:30  | €19   |

\`\`\`ts
const hours = distanceKm / speedKmh; // without stops
\`\`\`
`;

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

describe('every view', () => {
  let bed: WebTestbed;
  let session: string;
  let asking: string;
  beforeAll(async () => {
    if (missingBrowser !== '') return;
    bed = await WebTestbed.open();
    bed.double.script(
      chatReply({ reasoning: ['They want to travel cheaply.'], text: [ANSWER] }),
      chatReply({ text: ['The train at 8:30 arrives at 11:20.'] }),
      chatReply({ text: ['An index on (session, seq) is enough.'] }),
      chatReply({
        toolCalls: [{ id: 'call_1', name: 'shell', arguments: ['{"command":"touch notes.txt"}'] }],
      }),
    );
    session = await ask('Which ways lead from Lisbon to Porto?', {
      ...{ title: 'Lisbon to Porto', tags: ['travel'], pinned: true },
    });
    await ask('And when does the train leave?', {}, session);
    await ask('Does this query need another index?', { title: 'Slow query', tags: ['work'] });
    asking = newId();
    await bed.ask('/api/sessions', { id: asking, title: 'Notes' });
    await bed.ask(`/api/sessions/${asking}/runs`, {
      ...{ id: newId(), text: 'Make a file for my notes.', tools: 'all' },
    });
  });
  afterAll(async () => {
    if (missingBrowser === '') await bed.close();
  });

  async function ask(text: string, fields: object, known?: string): Promise<string> {
    const id = known ?? newId();
    if (known === undefined) await bed.ask('/api/sessions', { id, ...fields });
    const run = newId();
    await bed.ask(`/api/sessions/${id}/runs`, { id: run, text });
    // Ends with the run.
    await fetch(`${bed.url}/api/runs/${run}/events`, {
      headers: { authorization: `Bearer ${bed.token}` },
    }).then((reply) => reply.text());
    return id;
  }

  const views: [name: string, address: () => string, ready: string][] = [
    ['new', () => '/', 'Ask something.'],
    ['session', () => `/sessions/${session}`, 'arrives at 11:20'],
    ['approval', () => `/sessions/${asking}`, 'Allow once'],
    ['search', () => '/search?q=train', 'Lisbon to Porto'],
    ['shortcuts', () => '/shortcuts', 'Keyboard shortcuts'],
    ['missing', () => `/sessions/${newId()}`, 'can’t be shown'],
  ];

  const themes = ['light', 'dark'] as const;
  const looks = themes.flatMap((theme) => widths.map((width) => [theme, width] as const));
  describe.each(looks)('in the %s theme, %i pixels wide', (colorScheme, width) => {
    itInBrowser(
      'is complete for assistive technology, and never wider than its screen',
      async () => {
        const problems: string[] = [];
        const page = await bed.openPage({ width, height: 800, colorScheme });
        for (const [name, address, ready] of views) {
          await page.goto(`${bed.url}/#${address()}`);
          await page.locator('main').getByText(ready).first().waitFor();
          problems.push(...(await look(page, `${name}-${width}-${colorScheme}`)));
        }
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Command or session' }).waitFor();
        await page.getByRole('option', { name: 'Slow query' }).waitFor();
        problems.push(...(await look(page, `palette-${width}-${colorScheme}`)));
        await page.keyboard.press('Escape');
        if (width < 700) {
          await page.goto(`${bed.url}/#/`);
          await page.getByRole('button', { name: 'Sessions', exact: true }).click();
          await page.getByRole('link', { name: 'Slow query' }).waitFor();
          problems.push(...(await look(page, `sessions-${width}-${colorScheme}`)));
        }
        const stranger = await bed.openPage({ isSignedIn: false, width, colorScheme });
        await stranger.getByText('synapse serve --open').waitFor();
        problems.push(...(await look(stranger, `first-run-${width}-${colorScheme}`)));
        expect(problems).toEqual([]);
        expect(bed.complaints).toEqual([]);
      },
    );
  });

  async function look(page: Page, name: string): Promise<string[]> {
    if (pictures !== undefined) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}.png`) });
    }
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    const shown = page.viewportSize()?.width ?? 0;
    // Evaluated by the debugger: the policy of the page forbids further scripts.
    await page.evaluate(axe);
    const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()');
    return [
      ...(width > shown ? [`${name} is ${width} pixels wide`] : []),
      ...violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary = '' }) => `${name}: ${id}: ${html} ${failureSummary}`),
      ),
    ];
  }
});
