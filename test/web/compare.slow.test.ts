import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { missingBrowser } from '@synapse/test/support/browser';
import { itNeeds } from '@synapse/test/support/it-needs';
import { chatReply } from '@synapse/test/support/scripted-openai';
import { WebTestbed } from '@synapse/test/support/web-testbed';

const itInBrowser = itNeeds(missingBrowser);

describe('the page', () => {
  let bed: WebTestbed;
  beforeEach(async () => {
    if (missingBrowser === '') bed = await WebTestbed.open();
  });
  afterEach(async () => {
    if (missingBrowser === '') await bed.close();
  });

  itInBrowser('asks two models the same, and lets each answer be continued', async () => {
    bed.double.script(chatReply({ text: ['By train.'] }), chatReply({ text: ['By train.'] }));
    const page = await bed.openPage();
    await page.keyboard.press('Alt+c');
    await page.getByLabel('Prompt').fill('How do I get to Porto?');
    await page.getByLabel('Model').nth(0).fill('double/one');
    await page.getByLabel('Model').nth(1).fill('double/two');
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    for (const model of ['double/one', 'double/two']) {
      await page.getByRole('region', { name: model }).getByText('By train.').waitFor();
    }
    await page.getByRole('link', { name: 'Continue with double/two' }).click();
    await page.getByText('How do I get to Porto?').first().waitFor();
    expect(bed.double.requests).toHaveLength(2);
    expect(bed.complaints).toEqual([]);
  });
});
