import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { missingBrowser } from '@synapse/test/support/browser';
import { itNeeds } from '@synapse/test/support/it-needs';
import { chatReply } from '@synapse/test/support/scripted-openai';
import { WebTestbed } from '@synapse/test/support/web-testbed';

const itInBrowser = itNeeds(missingBrowser);

describe('the page', () => {
  let bed: WebTestbed;
  beforeEach(async () => {
    if (missingBrowser !== '') return;
    bed = await WebTestbed.open({
      settings: '[limits]\nmax_cost_day = 5\n[prices."double/double-1"]\ninput = 1\noutput = 1',
    });
  });
  afterEach(async () => {
    if (missingBrowser === '') await bed.close();
  });

  itInBrowser('shows usage by day, model, session and tag, and the budget', async () => {
    bed.double.script(chatReply({ text: ['Take the train.'] }));
    const page = await bed.openPage();
    await bed.askFrom(page, 'How do I get to Porto?');
    await page.getByText('Take the train.').waitFor();
    await page.keyboard.press('Alt+u');
    const table = page.getByRole('region', { name: 'Usage' });
    const today = new Date().toISOString().slice(0, 8);
    await table.getByRole('rowheader', { name: today }).waitFor();
    await page.getByText(/Limit of today \(UTC\): \$5\.00, \$\S+ left/).waitFor();
    await page.getByLabel('Group by').selectOption('Model');
    await table.getByRole('columnheader', { name: 'Model' }).waitFor();
    await page.getByLabel('Group by').selectOption('Session');
    await table.getByRole('link').click();
    await page.getByText('Take the train.').waitFor();
    expect(bed.complaints).toEqual([]);
  });

  itInBrowser('shows each setting with the line that set it, and no key', async () => {
    const page = await bed.openPage();
    await page.keyboard.press('Alt+,');
    const settings = page.getByRole('region', { name: 'Settings' });
    const row = settings.getByRole('row', { name: /limits\.max_cost_day/ });
    await row.waitFor();
    expect(await row.textContent()).toMatch(/5.*config\.toml:\d+$/);
    await page.getByLabel('Show defaults, too').check();
    await settings.getByRole('row', { name: /limits\.max_cost_session/ }).waitFor();
    expect(await page.locator('main').textContent()).not.toMatch(/sk-\w|syn_\w/);
    expect(bed.complaints).toEqual([]);
  });

  itInBrowser('keeps theme and text size, and signs this browser out', async () => {
    const page = await bed.openPage();
    await page.keyboard.press('Alt+,');
    await page.getByLabel('Theme').selectOption('Dark');
    await page.getByLabel('Text size').selectOption('Large');
    await page.reload();
    await page.getByLabel('Theme').waitFor();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    expect(await page.getByLabel('Text size').inputValue()).toBe('large');
    const devices = page.getByRole('region', { name: 'Devices' });
    await devices.getByText('this browser').waitFor();
    await devices.getByRole('button', { name: /^Revoke: test$/ }).click();
    await devices.getByRole('button', { name: /^Revoke for good: test$/ }).click();
    await devices
      .getByRole('rowheader', { name: 'test', exact: true })
      .waitFor({ state: 'detached' });
    await devices.getByRole('button', { name: /^Sign out: / }).click();
    await devices.getByRole('button', { name: /^Sign out for good: / }).click();
    await page.getByText('synapse serve').first().waitFor();
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('syn_');
    expect(bed.complaints).toEqual([]);
  });
});
