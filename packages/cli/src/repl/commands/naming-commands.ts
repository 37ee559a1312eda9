import { clipText, UsageError } from '@synapse/core';
import { parseTag } from '@synapse/app/sessions/parse-tag';
import { titleOrPreview } from '../../sessions/name-of.ts';
import type { ReplCommand } from '../repl-command.ts';

const title: ReplCommand = {
  name: 'title',
  aliases: ['rename'],
  argument: '[title]',
  summary: 'show or change the title of the session',
  async run({ conversation, display }, text) {
    const { session } = conversation;
    if (text === '') {
      display.notify(session === null ? 'there are no messages yet' : titleOrPreview(session));
      return;
    }
    const changed = await conversation.change({ title: clipText(text, 200) });
    display.notify(`the session is now called "${titleOrPreview(changed)}"`);
  },
};

const tag: ReplCommand = {
  name: 'tag',
  argument: '[tag …]',
  summary: 'add tags to the session; -tag removes one',
  complete: ({ conversation }) =>
    (conversation.session?.tags ?? []).map((name) => ({ value: `-${name}` })),
  async run({ conversation, display }, argument) {
    const words = argument.split(/\s+/).filter(Boolean);
    for (const word of words) parseTag(word.replace(/^-/, ''));
    if (words.length > 0) {
      const isRemoved = (word: string) => word.startsWith('-');
      await conversation.change({
        addTags: words.filter((word) => !isRemoved(word)).map(parseTag),
        removeTags: words.filter(isRemoved).map((word) => parseTag(word.slice(1))),
      });
    }
    const tags = conversation.session?.tags ?? [];
    display.notify(tags.length === 0 ? 'no tags' : `tags: ${tags.join(', ')}`);
  },
};

const pin: ReplCommand = {
  name: 'pin',
  argument: '[on|off]',
  summary: 'protect the session from cleanup, or stop protecting it',
  complete: () => [{ value: 'on' }, { value: 'off' }],
  async run({ conversation, display }, argument) {
    if (!['', 'on', 'off'].includes(argument)) throw new UsageError('/pin takes "on" or "off".');
    const pinned = argument === '' ? conversation.session?.pinned !== true : argument === 'on';
    await conversation.change({ pinned });
    display.notify(pinned ? 'pinned: cleanup does not remove this session' : 'no longer pinned');
  },
};

export const namingCommands = [title, tag, pin];
