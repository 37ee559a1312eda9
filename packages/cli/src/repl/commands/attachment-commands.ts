import { UsageError } from '@synapse/core';
import { attach } from '../attach.ts';
import { completePath } from '../complete-path.ts';
import type { ReplCommand } from '../repl-command.ts';

const attachFile: ReplCommand = {
  name: 'attach',
  argument: '<file>',
  summary: 'send a file or a web page along with what you say next; @file in the text does it too',
  complete: (_repl, typed) => completePath(typed),
  async run(repl, source) {
    if (source === '') throw new UsageError('/attach needs a file.');
    repl.attached.push(...(await attach(repl, source)));
  },
};

const attachImage: ReplCommand = {
  name: 'image',
  argument: '<file>',
  summary: 'send a picture along with what you say next',
  complete: (_repl, typed) => completePath(typed),
  async run(repl, source) {
    if (source === '') throw new UsageError('/image needs a file.');
    const parts = await attach(repl, source);
    if (parts.some(({ type }) => type !== 'image')) {
      throw new UsageError(`"${source}" is no PNG, JPEG, GIF or WebP picture.`, {
        hint: '/attach sends other files.',
      });
    }
    repl.attached.push(...parts);
  },
};

export const attachmentCommands = [attachFile, attachImage];
