import { describe, expect, it } from '@jest/globals';
import { newId, newMessage, type NewMessage } from '@synapse/core';
import type { NewSession } from '@synapse/core/store-kit';
import { createMemoryStore } from '@synapse/storage-memory';
import { anyHistory } from '@synapse/test/support/arbitraries/histories';
import { anyText } from '@synapse/test/support/arbitraries/texts';
import { aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import fc from 'fast-check';
import type { ExportFormat } from './export-format.ts';
import { exportSessions } from './export-sessions.ts';
import { createHtmlFormat } from './html-format.ts';
import { markdownFormat } from './markdown-format.ts';
import { textFormat } from './text-format.ts';

async function exportAs(
  format: ExportFormat,
  messages: readonly NewMessage[],
  session: Partial<NewSession> = {},
): Promise<string> {
  const store = createMemoryStore();
  const { id } = await store.sessions.create(aSession(session));
  await store.sessions.append(id, messages, null);
  const stored = await store.sessions.get(id);
  let text = '';
  for await (const piece of exportSessions(store, stored ? [stored] : [], { format }))
    text += piece;
  return text;
}

describe('the HTML export', () => {
  it('contains no markup but its own, whatever the messages contain', async () => {
    const own =
      /<\/?(?:!doctype html|html(?: lang="en")?|head|title|body|section|h1|dl|dt|dd|header|details|summary|pre|article(?: class="(?:user|assistant|tool|context|title)")?|p class="plain"|p|style|meta [^<>]*)>/g;
    const attacks = fc.constantFrom(
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "</style></title>'",
      '&lt;',
      '<!--',
    );
    await fc.assert(
      fc.asyncProperty(
        anyHistory,
        fc.oneof(anyText, attacks),
        attacks,
        async (history, title, attack) => {
          const messages = history.map(({ role, status, parts }) =>
            newMessage({
              id: newId(),
              role,
              status,
              createdAt: new Date(0),
              model: attack,
              provider: title,
              parts: [...parts, { type: 'text', text: attack }],
            }),
          );
          const html = await exportAs(createHtmlFormat(), messages, { title, tags: [attack] });
          expect(html.replace(/<style>[^<]*<\/style>/, '').replaceAll(own, '')).not.toMatch(/[<>]/);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('forbids scripts and external resources', async () => {
    expect(await exportAs(createHtmlFormat(), [])).toContain("default-src 'none'");
  });
});

describe('the Markdown export', () => {
  it('uses a fence that no fence within the output can close', async () => {
    const output = 'a\n````\nb\n```';
    const result = newMessage({
      ...{ id: newId(), role: 'tool', createdAt: new Date(0) },
      parts: [{ type: 'tool-result', id: '1', name: 'read', output, isError: false }],
    });
    expect(await exportAs(markdownFormat, [result])).toContain(`\`\`\`\`\`\n${output}\n\`\`\`\`\``);
  });

  it('shows the author of each message, with the model', async () => {
    const text = await exportAs(markdownFormat, [aMessage('Why?'), anAnswer('**Because.**')], {
      title: 'A # title',
    });
    expect(text).toContain('# A \\# title\n');
    expect(text).toMatch(
      /## User · .*\n\nWhy\?\n\n## Assistant · demo\/echo · .*\n\n\*\*Because\.\*\*\n$/,
    );
  });
});

describe('the text export', () => {
  it('shows all text, and names other content', async () => {
    const attachment = { sha256: 'a', mediaType: 'image/png', name: 'a.png', byteLength: 9 };
    const messages = [
      aMessage('Look', {
        parts: [
          { type: 'text', text: 'Look' },
          { type: 'image', attachment },
        ],
      }),
    ];
    expect(await exportAs(textFormat, messages)).toContain(
      'Look\n(image) a.png (image/png, 9 bytes)\n',
    );
  });
});
