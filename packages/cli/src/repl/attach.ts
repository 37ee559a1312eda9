import { existsSync, statSync } from 'node:fs';
import { expandHome } from '@synapse/config';
import type { Part } from '@synapse/core';
import { toByteSize } from '@synapse/core/words';
import { readAttachments } from '@synapse/app/attachments/read-attachments';
import { toParts } from '@synapse/app/attachments/to-parts';
import type { Repl } from './repl.ts';

// A path may have escaped spaces; a sign at the end belongs to the sentence.
const NAMED = /(?<=^|\s)@((?:\\.|[^\s\\])+)/g;

/** The parts that a file or a web address is sent as. */
export async function attach({ app, store, display }: Repl, source: string): Promise<Part[]> {
  const isAddress = /^https?:/i.test(source);
  // Prompts are typed here, so - is an ordinary file name.
  const path = source === '-' ? './-' : expandHome(source, app.environment);
  const attachments = await readAttachments([isAddress ? source : path], process.stdin);
  const size = attachments.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  const parts = await toParts(attachments, store.attachments);
  display.notify(`attached: ${source} (${toByteSize(size)})`);
  return parts;
}

/** The files that a text names as `@path`; a name of no file stays plain text. */
export async function attachNamed(repl: Repl, text: string): Promise<Part[]> {
  const { environment } = repl.app;
  const isFile = (path: string) => {
    const place = expandHome(path, environment);
    return existsSync(place) && statSync(place).isFile();
  };
  const paths = [...text.matchAll(NAMED)].flatMap(([, escaped = '']) => {
    const path = escaped.replaceAll(/\\(.)/g, '$1');
    return [path, path.replace(/[.,;:!?)\]"']+$/, '')].find(isFile) ?? [];
  });
  const parts: Part[] = [];
  for (const path of new Set(paths)) parts.push(...(await attach(repl, path)));
  return parts;
}
