import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { newId } from '@synapse/core';
import { missingBrowser } from '@synapse/test/support/browser';
import { itNeeds } from '@synapse/test/support/it-needs';
import { chatReply } from '@synapse/test/support/scripted-openai';
import { until } from '@synapse/test/support/until';
import { WebTestbed } from '@synapse/test/support/web-testbed';

const itInBrowser = itNeeds(missingBrowser);
const TRASH = '/api/sessions?trashed=true';
const touch = (id: string, file: string) =>
  chatReply({
    toolCalls: [{ id, name: 'shell', arguments: [JSON.stringify({ command: `touch ${file}` })] }],
  });

describe('a key', () => {
  let bed: WebTestbed;
  beforeEach(async () => {
    if (missingBrowser === '') bed = await WebTestbed.open();
  });
  afterEach(async () => {
    if (missingBrowser === '') await bed.close();
  });

  itInBrowser('approves one tool call, however long it is held down', async () => {
    bed.double.script(touch('call_1', 'one.txt'), touch('call_2', 'two.txt'));
    const page = await bed.openPage();
    await page.getByLabel('Tools', { exact: true }).selectOption('all');
    await bed.askFrom(page, 'Make two files.');
    const approval = page.getByRole('region', { name: 'Approve shell?' });
    await approval.getByText('touch one.txt').first().waitFor();
    await page.keyboard.down('Alt');
    await page.keyboard.down('y');
    await approval.getByText('touch two.txt').first().waitFor();
    await page.keyboard.down('y');
    await page.keyboard.up('y');
    await page.keyboard.up('Alt');
    bed.double.script(chatReply({ text: ['Only one.'] }));
    await page.keyboard.press('Alt+x');
    await page.locator('.answer').getByText('Only one.').waitFor();
    const rejected = bed.double.requests.at(-1)!.body;
    expect(rejected).toContain('touch two.txt');
    expect(await page.locator('.tool-state.is-failed').count()).toBe(1);
  });

  itInBrowser('that ends renaming neither stops the answer nor changes the name', async () => {
    bed.double.script(touch('call_1', 'one.txt'));
    const page = await bed.openPage();
    await page.getByLabel('Tools', { exact: true }).selectOption('all');
    await bed.askFrom(page, 'Make a file.');
    await page.getByRole('region', { name: 'Approve shell?' }).waitFor();
    await page
      .getByRole('main')
      .getByLabel(/^Actions for/)
      .press('Enter');
    await page.getByRole('main').getByRole('button', { name: 'Rename' }).press('Enter');
    await page.getByLabel('Name of the session').fill('Another name');
    await page.keyboard.press('Escape');
    await page.getByLabel('Name of the session').waitFor({ state: 'detached' });
    bed.double.script(chatReply({ text: ['Not made.'] }));
    await page.keyboard.press('Alt+x');
    await page.locator('.answer').getByText('Not made.').waitFor();
    expect(await page.getByText('Another name').count()).toBe(0);
  });

  itInBrowser('deletes a session in the trash only when pressed twice', async () => {
    const id = newId();
    await bed.ask('/api/sessions', { id, title: 'Old notes' });
    const page = await bed.openPage();
    await page.goto(`${bed.url}/#/sessions/${id}`);
    const main = page.getByRole('main');
    const menu = main.getByLabel('Actions for Old notes');
    await menu.press('Enter');
    await main.getByRole('button', { name: 'Move to the trash' }).press('Enter');
    await page.getByText('is in the trash').waitFor();
    await until(async () => {
      await menu.press('Enter');
      return main.getByRole('button', { name: 'Restore' }).isVisible();
    });
    await main.getByRole('button', { name: 'Delete: Old notes' }).press('Enter');
    const sure = main.getByRole('button', { name: 'Delete for good: Old notes' });
    await sure.waitFor();
    expect(await bed.ask(`/api/sessions/${id}`)).toMatchObject({ title: 'Old notes' });
    await sure.press('Enter');
    await until(async () => (await bed.ask<{ items: unknown[] }>(TRASH)).items.length === 0);
  });

  itInBrowser('opens the palette, in which one can type at once', async () => {
    const page = await bed.openPage();
    await page.keyboard.press('Control+k');
    await until(async () => (await page.locator('dialog input:focus').count()) === 1);
    await page.keyboard.type('usage');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
  });
});
