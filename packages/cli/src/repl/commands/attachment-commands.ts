import { UsageError } from '@synapse/core';
import { toByteSize } from '../../render/numbers.ts';
import { completePath } from '../complete-path.ts';
import { readAttachment } from '../read-attachment.ts';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';

const attach: ReplCommand = {
  name: 'attach',
  argument: '<file>',
  summary: 'send a file along with what you say next',
  complete: (_repl, typed) => completePath(typed),
  run: (repl, path) => attachFile(repl, path, 'attach'),
};

const image: ReplCommand = {
  name: 'image',
  argument: '<file>',
  summary: 'send a picture along with what you say next',
  complete: (_repl, typed) => completePath(typed),
  run: (repl, path) => attachFile(repl, path, 'image'),
};

async function attachFile(
  { attached, store, display }: Repl,
  path: string,
  command: 'attach' | 'image',
): Promise<void> {
  if (path === '') throw new UsageError(`/${command} needs a file.`);
  const file = await readAttachment(path);
  const isImage = file.mediaType.startsWith('image/');
  if (command === 'image' && !isImage) {
    throw new UsageError(`"${path}" is no PNG, JPEG, GIF or WebP picture.`, {
      hint: '/attach sends other files.',
    });
  }
  const attachment = await store.attachments.put(file);
  attached.push({ type: isImage ? 'image' : 'file', attachment });
  display.say(`goes along with what you say next: ${path} (${toByteSize(file.bytes.byteLength)})`);
}

export const attachmentCommands = [attach, image];
