import { UsageError } from '@synapse/core';
import { attach } from '../attach.ts';
import { completePath } from '../complete-path.ts';
import type { ReplCommand } from '../repl-command.ts';

const attachFile: ReplCommand = {
  name: 'attach',
  argument: '<file>',
  summary: 'attach a file or a web page to the next message; @file in the text does the same',
  complete: (_repl, typed) => completePath(typed),
  async run(repl, source) {
    if (source === '') throw new UsageError('/attach needs a file.');
    repl.attached.push(...(await attach(repl, source)));
  },
};

const attachImage: ReplCommand = {
  name: 'image',
  argument: '<file>',
  summary: 'attach an image to the next message',
  complete: (_repl, typed) => completePath(typed),
  async run(repl, source) {
    if (source === '') throw new UsageError('/image needs a file.');
    const parts = await attach(repl, source);
    if (parts.some(({ type }) => type !== 'image')) {
      throw new UsageError(`"${source}" is not a PNG, JPEG, GIF or WebP image.`, {
        hint: '/attach sends other files.',
      });
    }
    repl.attached.push(...parts);
  },
};

export const attachmentCommands = [attachFile, attachImage];
