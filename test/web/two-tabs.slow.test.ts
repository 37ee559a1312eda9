import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { missingBrowser } from '@synapse/test/support/browser';
import { itNeeds } from '@synapse/test/support/it-needs';
import { chatReply } from '@synapse/test/support/scripted-openai';
import { WebTestbed } from '@synapse/test/support/web-testbed';

const itInBrowser = itNeeds(missingBrowser);

describe('two tabs of one browser', () => {
  let bed: WebTestbed;
  let first: Page;
  let second: Page;
  beforeEach(async () => {
    if (missingBrowser !== '') return;
    bed = await WebTestbed.open();
    first = await bed.openPage();
    second = await first.context().newPage();
    bed.listen(second);
    await second.goto(bed.url);
    await second.getByLabel('Your question').waitFor();
  });
  afterEach(async () => {
    if (missingBrowser === '') await bed.close();
  });

  itInBrowser('show one draft, which is gone from both when one sends it', async () => {
    bed.double.script(chatReply({ text: ['Here.'] }));
    await first.getByLabel('Your question').fill('A long thought');
    await second.waitForFunction(`document.getElementById('question').value !== ''`);
    expect(await second.getByLabel('Your question').inputValue()).toBe('A long thought');
    await second.getByLabel('Your question').press('Enter');
    await second.locator('.answer').getByText('Here.').waitFor();
    await first.waitForFunction(`document.getElementById('question').value === ''`);
    expect(bed.double.requests).toHaveLength(1);
    expect(bed.complaints).toEqual([]);
  });

  itInBrowser('sign out and in together', async () => {
    await second.goto(`${bed.url}/#/settings`);
    const devices = second.getByRole('region', { name: 'Devices' });
    await devices.getByRole('button', { name: /^Sign out: / }).click();
    await devices.getByRole('button', { name: /^Sign out for good: / }).click();
    for (const page of [first, second]) await page.getByText('synapse serve --open').waitFor();
    await first.getByLabel('Token').fill(bed.token);
    await first.keyboard.press('Enter');
    await first.getByLabel('Your question').waitFor();
    await second.getByRole('heading', { name: 'Settings' }).waitFor();
    await first.reload();
    await first.getByLabel('Your question').waitFor();
    expect(bed.complaints).toEqual([]);
  });
});
