import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HistoryFile } from './history.ts';
import { historyFilesIn, unpack } from './history-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synapse-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...names: string[]) => join(folder, ...names);

/** The content of the files at a path, and what was left out. */
async function read(path: string): Promise<{ texts: Record<string, string>; skips: string[] }> {
  const skips: string[] = [];
  const skip = (place: string, reason: string) => skips.push(`${place}: ${reason}`);
  const texts: Record<string, string> = {};
  for await (const file of historyFilesIn(path, skip)) {
    for await (const content of unpack(file, skip)) {
      texts[content.path.slice(folder.length + 1)] = await textOf(content).catch(
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
    }
  }
  return { texts, skips };
}

async function textOf(file: HistoryFile): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.bytes()) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

interface Member {
  name: string;
  content: Buffer;
  /** What the archive says instead of the truth. */
  claims?: { uncompressedSize?: number; flags?: number; method?: number };
}

/** A ZIP archive as any program writes it: the members, then the directory of them. */
function zipOf(members: readonly Member[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claims = {} } of members) {
    const data = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(claims.flags ?? 0x800, 2);
    fields.writeUInt16LE(claims.method ?? 8, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(claims.uncompressedSize ?? content.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([
        Buffer.from('PK\u0001\u0002'),
        Buffer.from([20, 3]),
        fields,
        rest,
        Buffer.from(name),
      ]),
    );
    files.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}

describe('the files at a path', () => {
  it('are all files below a folder in the order of their names, and no links', async () => {
    mkdirSync(at('b'));
    writeFileSync(at('b', 'one.json'), '1');
    writeFileSync(at('a.json'), '2');
    symlinkSync('..', at('b', 'loop'));
    symlinkSync('../a.json', at('b', 'twice.json'));
    expect(await read(folder)).toEqual({ texts: { 'a.json': '2', 'b/one.json': '1' }, skips: [] });
  });

  it('do not exist under a wrong name', async () => {
    await expect(read(at('none'))).rejects.toThrow(`There is no file or folder "${at('none')}".`);
    await expect(read('/dev/null')).rejects.toThrow('"/dev/null" is neither a file nor a folder.');
  });

  it('know the files around them', async () => {
    mkdirSync(at('days', '1'), { recursive: true });
    mkdirSync(at('days', '2'));
    for (const day of ['1', '2']) writeFileSync(at('days', day, 'a.json'), day);
    for await (const file of historyFilesIn(at('days', '1', 'a.json'), () => undefined)) {
      const [own, all] = [await file.around?.(), await file.around?.(1)];
      expect(own?.map(({ path }) => path)).toEqual([at('days', '1', 'a.json')]);
      expect(all?.map(({ path }) => path)).toEqual(
        [1, 2].map((day) => at('days', `${day}`, 'a.json')),
      );
    }
  });
});

describe('an archive', () => {
  it('is read from where it is, whatever its name and those of its members', async () => {
    const content = Buffer.from('ä'.repeat(100_000));
    writeFileSync(
      at('export'),
      zipOf([
        { name: 'conversations.json', content },
        { name: '../../outside/é.json', content: Buffer.from('{}') },
        { name: 'folder/', content: Buffer.alloc(0) },
      ]),
    );
    expect(await read(at('export'))).toEqual({
      texts: {
        'export/conversations.json': content.toString(),
        'export/../../outside/é.json': '{}',
      },
      skips: [],
    });
  });

  it('loses only the members that are encrypted, of an unknown compression, or a bomb', async () => {
    const content = Buffer.from('text');
    writeFileSync(
      at('a.zip'),
      zipOf([
        { name: 'secret', content, claims: { flags: 0x801 } },
        { name: 'strange', content, claims: { method: 99 } },
        { name: 'bomb', content: Buffer.alloc(80 << 20) },
        { name: 'good', content },
      ]),
    );
    expect(await read(at('a.zip'))).toEqual({
      texts: { 'a.zip/good': 'text' },
      skips: [
        'secret: is encrypted',
        'strange: uses an unknown compression',
        'bomb: would unpack to more than 200 times its size',
      ],
    });
  });

  it('names the damage of a member that is not what its entry says', async () => {
    const members = [
      { name: 'liar', content: Buffer.from('text'), claims: { uncompressedSize: 3 } },
      { name: 'good', content: Buffer.from('text') },
    ];
    writeFileSync(at('a.zip'), zipOf(members));
    expect((await read(at('a.zip'))).texts).toEqual({
      'a.zip/liar': expect.stringMatching(/^the archive is damaged: .*expected 3/),
      'a.zip/good': 'text',
    });
  });

  it('that is cut off is refused in words', async () => {
    const whole = zipOf([{ name: 'a', content: Buffer.from('text') }]);
    writeFileSync(at('a.zip'), whole.subarray(0, whole.length - 30));
    await expect(read(at('a.zip'))).rejects.toThrow(/^the archive is damaged: /);
  });
});

describe('a file that is compressed with Zstandard', () => {
  const text = 'hello hello hello hello\n';
  // A frame with one block that is not compressed.
  const frame = Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length]),
    Buffer.from([1 | (text.length << 3), 0, 0]),
    Buffer.from(text),
  ]);

  it('is read under its name without .zst, also if it has several frames', async () => {
    writeFileSync(at('a.jsonl.zst'), Buffer.concat([frame, frame]));
    expect((await read(at('a.jsonl.zst'))).texts).toEqual({ 'a.jsonl': text + text });
  });

  it('names its damage', async () => {
    writeFileSync(at('a.jsonl.zst'), Buffer.concat([frame.subarray(0, 4), Buffer.alloc(40, 255)]));
    expect((await read(at('a.jsonl.zst'))).texts).toEqual({
      'a.jsonl': 'is not valid Zstandard data',
    });
  });
});
