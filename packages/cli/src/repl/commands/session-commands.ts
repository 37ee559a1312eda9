import { parseHandle, parseSearchQuery, UsageError } from '@synapse/core';
import { resolveSession } from '@synapse/core/conversation';
import { toShortNumber } from '@synapse/core/words';
import { toRelativeTime, toSafeText, toTable } from '@synapse/terminal';
import { shortId, shortIdsOf } from '@synapse/app/sessions/short-ids';
import { titleOrPreview } from '../../sessions/name-of.ts';
import type { ReplCommand } from '../repl-command.ts';
import { showMessages } from '../show-messages.ts';

const create: ReplCommand = {
  name: 'new',
  argument: '[name]',
  summary: 'start a new session',
  async run(repl, name) {
    const { beginSession } = await import('../begin-session.ts');
    await beginSession(repl, { handle: name === '' ? null : parseHandle(name) });
  },
};

const list: ReplCommand = {
  name: 'sessions',
  aliases: ['list'],
  argument: '[words]',
  summary: 'list the latest sessions, or those with the words in their title',
  async run({ store, app, display, conversation }, words) {
    const { items } = await store.sessions.list({ limit: 20, text: words || undefined });
    const now = app.clock.now();
    const shortIds = shortIdsOf(items.map(({ id }) => id));
    const table = toTable(
      [
        { title: '', text: ({ id }) => (id === conversation.session?.id ? '*' : '') },
        { title: 'Session', text: ({ handle, id }) => handle ?? shortIds.get(id) ?? id },
        { title: 'Title', text: titleOrPreview, isFlexible: true },
        { title: 'Messages', text: (row) => toShortNumber(row.messageCount), align: 'right' },
        { title: 'Active', text: ({ updatedAt }) => toRelativeTime(updatedAt, now) },
      ],
      items,
      { style: display.style, columns: display.isTerminal ? display.columns : undefined },
    );
    display.print(items.length === 0 ? 'No session matches.\n' : table);
  },
};

const change: ReplCommand = {
  name: 'switch',
  aliases: ['resume', 'session'],
  argument: '<session>',
  summary: 'continue another session: its name, title, id, "last" or "here"',
  async complete({ store }) {
    const { items } = await store.sessions.list({ limit: 50 });
    return items.map((session) => ({
      value: session.handle ?? shortId(session.id),
      description: titleOrPreview(session),
    }));
  },
  async run(repl, reference) {
    if (reference === '') {
      throw new UsageError('/switch needs a session.', { hint: '/sessions lists them.' });
    }
    await repl.open(await resolveSession(repl.store.sessions, reference, repl.app.here));
  },
};

const history: ReplCommand = {
  name: 'history',
  argument: '[count]',
  summary: 'show the last messages: 50, or the given number',
  async run({ conversation, display }, argument) {
    const count = argument === '' ? 50 : Number(argument);
    if (!Number.isInteger(count) || count < 1 || count > 500) {
      throw new UsageError('/history takes a number from 1 to 500.');
    }
    const messages = await conversation.newest(count);
    if (messages.length === 0) display.notify('there are no messages yet');
    else await display.page(await showMessages(messages, display));
  },
};

const search: ReplCommand = {
  name: 'search',
  argument: '<words>',
  summary: 'search the messages of all sessions',
  async run({ store, app, display }, words) {
    if (words === '') throw new UsageError('/search needs words to look for.');
    const now = app.clock.now();
    const query = parseSearchQuery(words, now, (remark) => display.notify(toSafeText(remark)));
    const { items } = await store.search.search(query, { limit: 20 });
    const { style } = display;
    const shortIds = shortIdsOf(items.map(({ sessionId }) => sessionId));
    const blocks = items.map((hit) => {
      const name = hit.sessionHandle ?? hit.sessionTitle ?? '(no text)';
      const pieces = hit.snippet.map(({ text, isMatch }) => {
        const safe = toSafeText(text).replaceAll('\n', ' ');
        return isMatch ? style.bold(safe) : safe;
      });
      const about = `${shortIds.get(hit.sessionId) ?? hit.sessionId} ${toSafeText(name)} · ${hit.role}, ${toRelativeTime(hit.createdAt, now)}`;
      return `${style.dim(about)}\n  ${pieces.join('')}`;
    });
    display.print(blocks.length === 0 ? 'Nothing was found.\n' : `${blocks.join('\n')}\n`);
  },
};

export const sessionCommands = [create, list, change, history, search];
