import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { missingBrowser } from '@synapse/test/support/browser';
import { itNeeds } from '@synapse/test/support/it-needs';
import { chatReply } from '@synapse/test/support/scripted-openai';
import { WebTestbed } from '@synapse/test/support/web-testbed';

const itInBrowser = itNeeds(missingBrowser);

describe('a session on the page', () => {
  let bed: WebTestbed;
  beforeEach(async () => {
    if (missingBrowser === '') bed = await WebTestbed.open();
  });
  afterEach(async () => {
    if (missingBrowser === '') await bed.close();
  });

  itInBrowser('shows what a terminal asks meanwhile', async () => {
    bed.double.script(chatReply({ text: ['first answer'] }), chatReply({ text: ['from afar'] }));
    const page = await bed.openPage();
    await bed.askFrom(page, 'Is this on?');
    await page.getByRole('button', { name: 'Copy', exact: true }).waitFor();
    const { items } = await bed.ask<{ items: { id: string }[] }>('/api/sessions');
    const { exitCode } = await bed.home.run(['-s', items[0]!.id, 'Asked in a terminal']);
    expect(exitCode).toBe(0);
    await page.locator('.answer').getByText('from afar').waitFor();
    expect(await page.locator('.question').getByText('Asked in a terminal').count()).toBe(1);
  });

  itInBrowser('asks for an approval again after a reload, and runs the call', async () => {
    bed.double.script(
      chatReply({
        toolCalls: [{ id: 'call_1', name: 'shell', arguments: ['{"command":"touch new.txt"}'] }],
      }),
      chatReply({ text: ['It is there.'] }),
    );
    const page = await bed.openPage();
    await page.getByLabel('Tools', { exact: true }).selectOption('all');
    await bed.askFrom(page, 'Make a file.');
    await page.getByRole('button', { name: 'Allow once' }).waitFor();
    await page.reload();
    const approval = page.getByRole('region', { name: 'Approve shell?' });
    await approval.getByText('touch new.txt').first().waitFor();
    await page.keyboard.press('Alt+y');
    await page.locator('.answer').getByText('It is there.').waitFor();
    expect(await page.getByRole('button', { name: 'Allow once' }).count()).toBe(0);
  });

  itInBrowser('attaches a file to a question', async () => {
    bed.double.script(chatReply({ text: ['A list.'] }));
    const page = await bed.openPage();
    await page.getByLabel('Attach').setInputFiles({
      ...{ name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('bread, milk') },
    });
    await page.getByRole('list', { name: 'Attachments' }).getByText('list.txt').waitFor();
    await bed.askFrom(page, 'What is this?');
    await page.locator('.answer').getByText('A list.').waitFor();
    expect(bed.double.requests[0]!.body).toContain('bread, milk');
    await page.locator('.question').getByText('bread, milk').waitFor();
  });

  itInBrowser('renames, pins, trashes and restores in place, by keyboard alone', async () => {
    bed.double.script(chatReply({ text: ['Yes.'] }));
    const page = await bed.openPage();
    await bed.askFrom(page, 'Is this a session?');
    const menu = page.getByRole('complementary').getByLabel(/^Actions for/);
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Rename' }).press('Enter');
    await page.getByLabel('Name of the session').fill('Named');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Named' }).waitFor();
    await menu.press('Enter');
    await page.getByRole('button', { name: 'Pin', exact: true }).press('Enter');
    await page.getByRole('heading', { name: 'Pinned' }).waitFor();
    await menu.press('Enter');
    await page.getByRole('button', { name: 'Move to the trash' }).press('Enter');
    await page.getByRole('link', { name: 'Named' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await page.getByRole('link', { name: 'Named' }).waitFor();
  });

  itInBrowser('says what to run without a token, and when a token was revoked', async () => {
    const page = await bed.openPage({ isSignedIn: false });
    await page.getByText('synapse serve --open').waitFor();
    await page.getByLabel('Token').fill(`syn_${'x'.repeat(43)}`);
    await page.keyboard.press('Enter');
    await page.getByText('The token is unknown or revoked.').waitFor();
    await page.getByLabel('Token').fill(bed.token);
    await page.keyboard.press('Enter');
    await page.getByLabel('Your question').waitFor();
    const { items } = await bed.ask<{ items: { id: string; name: string }[] }>('/api/tokens');
    const own = items.find(({ name }) => name.startsWith('Chrome'))!;
    await bed.home.run(['serve', 'tokens', 'revoke', own.id]);
    await page.reload();
    await page.getByText('synapse serve --open').waitFor();
  });
});
