import { parseHandle, UsageError, type SessionChange } from '@synapse/core';

const MAX_TITLE_LENGTH = 500;

/** The change that gives a session these names; an empty one removes the name. */
export function toNameChange({
  handle,
  title,
}: {
  handle: string | undefined;
  title: string | undefined;
}): SessionChange {
  if (handle === undefined && title === undefined) {
    throw new UsageError('Give a new title or a new handle.', {
      hint: 'synapse sessions rename <session> "New title", or --handle new-name',
    });
  }
  if (title !== undefined && title.length > MAX_TITLE_LENGTH) {
    throw new UsageError(`A title has at most ${MAX_TITLE_LENGTH} characters.`);
  }
  return {
    ...(handle !== undefined && { handle: handle === '' ? null : parseHandle(handle) }),
    ...(title !== undefined && { title: title.trim() === '' ? null : title.trim() }),
  };
}
