import type { RequestMessage } from '@synapse/core';
import { illFormedText } from './ill-formed-text.ts';

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** What in these messages breaks the promise of ModelRequest.messages; empty where nothing does. */
export function requestMessagesProblems(messages: readonly RequestMessage[]): string[] {
  const problems = illFormedText(messages);
  if (messages[0]?.role !== 'user') problems.push('does not begin with the user');
  if (messages.at(-1)?.role === 'assistant') problems.push('ends with the assistant');
  const ids = new Set<string>();
  messages.forEach((message, index) => {
    const where = `messages.${index}`;
    if (message.parts.length === 0) problems.push(`${where} is empty`);
    if (message.role === messages[index - 1]?.role) problems.push(`${where} repeats the role`);
    for (const part of message.parts) problems.push(...partProblems(part, where));

    const calls = message.parts.filter((part) => part.type === 'tool-call');
    for (const { id } of calls) {
      if (ids.has(id)) problems.push(`${where} repeats the id ${id}`);
      ids.add(id);
    }
    if (message.role === 'assistant' && message.parts.at(-1)?.type === 'reasoning') {
      problems.push(`${where} ends in reasoning`);
    }
    const next = messages[index + 1];
    const answers = next?.role === 'tool' ? next.parts : [];
    if (calls.map(({ id }) => id).join() !== answers.map(({ id }) => id).join()) {
      problems.push(`${where} has calls that the next message does not answer one by one`);
    }
  });
  return problems;
}

function partProblems(part: RequestMessage['parts'][number], where: string): string[] {
  const problems: string[] = [];
  const check = (holds: boolean, problem: string) => {
    if (!holds) problems.push(`${where} has ${problem}`);
  };
  switch (part.type) {
    case 'text':
      check(part.text.trim() !== '', 'blank text');
      break;
    case 'reasoning':
      check(part.text.trim() !== '' || part.replay !== undefined, 'blank reasoning');
      break;
    case 'image':
      check(IMAGE_TYPES.includes(part.attachment.mediaType), 'an image of an unusual kind');
      check(part.bytes.byteLength > 0, 'an empty image');
      break;
    case 'file':
      check(part.bytes.byteLength > 0, 'an empty file');
      break;
    case 'tool-call':
      check(/^[a-zA-Z0-9_-]{1,40}$/.test(part.id), 'an id that is refused');
      check(/^[a-zA-Z0-9_-]{1,64}$/.test(part.name), 'a tool name that is refused');
      check(part.invalidInput === undefined, 'invalid input');
      break;
    case 'tool-result':
      check(part.output.trim() !== '', 'a blank result');
      check(!part.isError || part.images.length === 0, 'a failed result with images');
      part.images.forEach((image) => problems.push(...partProblems(image, where)));
      break;
  }
  return problems;
}
