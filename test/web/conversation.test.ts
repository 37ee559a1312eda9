import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
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

  const askFrom = async (page: Page, text: string) => {
    await page.getByLabel('Your question').fill(text);
    await page.keyboard.press('Enter');
  };

  itInBrowser('asks the first question and shows its answer', async () => {
    bed.double.script(chatReply({ text: ['Take the ', 'train.'] }));
    const page = await bed.openPage();
    expect(page.url()).not.toContain('token');
    await askFrom(page, 'How do I get to Porto?');
    await page.getByText('Take the train.').waitFor();
    await page.getByRole('button', { name: 'Copy' }).waitFor();
    expect(await page.getByLabel('Your question').inputValue()).toBe('');
    await page.reload();
    await page.getByText('Take the train.').waitFor();
    expect(await page.getByText('How do I get to Porto?').count()).toBeGreaterThan(0);
    expect(bed.double.requests).toHaveLength(1);
    expect(bed.complaints).toEqual([]);
  });
});
