import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { newId } from '@synapse/core';
import { missingBrowser } from '@synapse/test/support/browser';
import { itNeeds } from '@synapse/test/support/it-needs';
import { streamOf } from '@synapse/test/support/replies';
import { chatReply } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';
import { WebTestbed } from '@synapse/test/support/web-testbed';

const itInBrowser = itNeeds(missingBrowser);
const hostile =
  '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\u202Etxt.exe';

describe('the page', () => {
  let bed: WebTestbed;
  beforeEach(async () => {
    if (missingBrowser === '') bed = await WebTestbed.open();
  });
  afterEach(async () => {
    if (missingBrowser === '') await bed.close();
  });

  /** An answer that stays open until it is let go. */
  const heldAnswer = (first: string, rest: string) => {
    let letGo: () => void = () => undefined;
    const wait = new Promise<void>((resolve) => (letGo = resolve));
    const pieces = openAiChatWire({ text: [first, rest] });
    const at = pieces.findIndex((piece) => piece.includes(rest));
    bed.double.script(
      streamOf([
        ...pieces.slice(0, at).map((send) => ({ send })),
        { wait },
        ...pieces.slice(at).map((send) => ({ send })),
      ]),
    );
    return letGo;
  };

  itInBrowser('asks the first question, and has its answer after a reload', async () => {
    bed.double.script(chatReply({ text: ['Take the ', 'train.'] }));
    const page = await bed.openPage();
    expect(page.url()).not.toContain('token');
    await bed.askFrom(page, 'How do I get to Porto?');
    await page.getByText('Take the train.').first().waitFor();
    await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
    expect(await page.getByLabel('Your question').inputValue()).toBe('');
    await page.reload();
    await page.locator('.answer').getByText('Take the train.').waitFor();
    expect(bed.double.requests).toHaveLength(1);
    expect(bed.complaints).toEqual([]);
    const { items } = await bed.ask<{ items: { name: string }[] }>('/api/tokens');
    expect(items.map(({ name }) => name)).toContain('Chrome on Linux');
  });

  itInBrowser('shows an answer while it is made, in two browsers, and after a reload', async () => {
    const letGo = heldAnswer('Take the ', 'train.');
    const page = await bed.openPage();
    await bed.askFrom(page, 'How do I get to Porto?');
    await page.getByText('Take the').waitFor();
    const other = await bed.openPage();
    await other.goto(page.url());
    await other.getByText('Take the').waitFor();
    await page.reload();
    await page.locator('.answer').getByText('Take the').waitFor();
    expect(await page.getByRole('log').getAttribute('aria-busy')).toBe('true');
    letGo();
    for (const one of [page, other]) {
      await one.locator('.answer').getByText('Take the train.', { exact: true }).waitFor();
      await one.getByRole('button', { name: 'Copy', exact: true }).waitFor();
      expect(await one.getByRole('log').getAttribute('aria-busy')).toBe('false');
      expect(await one.locator('.answer').getByText('Take the').count()).toBe(1);
    }
    expect(await page.getByRole('status').allTextContents()).toContain('Take the train.');
    expect(bed.complaints).toEqual([]);
  });

  itInBrowser(
    'keeps what was typed across a reload and a dead server, and sends it once',
    async () => {
      bed.double.script(chatReply({ text: ['Here.'] }));
      const page = await bed.openPage();
      await page.getByLabel('Your question').fill('A long thought');
      await page.getByLabel('Model').fill('double/double-1');
      await page.reload();
      expect(await page.getByLabel('Your question').inputValue()).toBe('A long thought');
      expect(await page.getByLabel('Model').inputValue()).toBe('double/double-1');
      await bed.killServer();
      await page.getByLabel('Your question').press('Enter');
      await page.getByRole('button', { name: 'Send again' }).waitFor();
      expect(await page.getByLabel('Your question').inputValue()).toBe('A long thought');
      await bed.startServer();
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.locator('.answer').getByText('Here.').waitFor();
      expect(await page.getByLabel('Your question').inputValue()).toBe('');
      const { items } = await bed.ask<{ items: object[] }>('/api/sessions');
      expect([items.length, bed.double.requests.length]).toEqual([1, 1]);
    },
  );

  itInBrowser('shows hostile texts as texts', async () => {
    bed.double.script(chatReply({ text: [hostile] }));
    const page = await bed.openPage();
    await bed.askFrom(page, hostile);
    await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
    const { items } = await bed.ask<{ items: { id: string }[] }>('/api/sessions');
    const fork = newId();
    await bed.ask(`/api/sessions/${items[0]!.id}/fork`, { id: fork, title: hostile });
    await page
      .getByRole('link', { name: /onerror/ })
      .last()
      .waitFor();
    await page.goto(`${bed.url}/#/search?q=hacked`);
    await page.locator('.hits li').first().waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
    expect(bed.complaints).toEqual([]);
  });

  itInBrowser('ends an answer that is stopped by its key, and keeps what there is', async () => {
    heldAnswer('Take the ', 'train.');
    const page = await bed.openPage();
    await bed.askFrom(page, 'How do I get to Porto?');
    await page.getByText('Take the').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Stopped here.').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
  });
});
