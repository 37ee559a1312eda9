import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileNotFoundError, InvalidDataError } from '@synapse/core';
import {
  findProfile,
  rankProfiles,
  type ProfileKind,
  type ProfileSource,
} from '@synapse/core/profiles';

export interface ProfileSourceSubject {
  source: ProfileSource;
  /** Stores a file in Synapse's own form; `above` is a folder above the working folder. */
  put(kind: ProfileKind, name: string, text: string, at: 'here' | 'above' | 'user'): Promise<void>;
  putInstructions(name: string, text: string, at: 'here' | 'above' | 'user'): Promise<void>;
  remove(): Promise<void>;
  close(): Promise<void>;
}

const sample = (name: string, body = 'Body.') =>
  `---\nname: ${name}\ndescription: About ${name}\n---\n${body}\n`;

/** What every source of profiles promises; see the port. */
export function profileSourceContract(
  name: string,
  open: () => Promise<ProfileSourceSubject>,
): void {
  describe(`ProfileSource contract: ${name}`, () => {
    let subject: ProfileSourceSubject;
    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.close());

    it('lists nothing where there is nothing', async () => {
      for (const kind of ['agent', 'command', 'skill'] as const) {
        expect(await subject.source.list(kind)).toEqual([]);
      }
      expect(await subject.source.instructions(['AGENTS.md'])).toEqual({ files: [], problems: [] });
    });

    it.each(['agent', 'command', 'skill'] as const)('reads what it lists: %s', async (kind) => {
      await subject.put(kind, 'one', sample('one'), 'here');
      const [entry, ...others] = await subject.source.list(kind);
      expect(others).toEqual([]);
      expect(entry).toMatchObject({ kind, name: 'one', description: 'About one', problem: null });
      const profile = await subject.source.read(entry!);
      expect(profile).toMatchObject({ kind, name: 'one', description: 'About one' });
      expect(profile).toMatchObject({ origin: entry!.origin, warnings: [], unknownFields: {} });
      expect(profile.sha256).toMatch(/^[0-9a-f]{64}$/);
    });

    it('finds the nearest of a name, and lists those that it shadows', async () => {
      for (const at of ['user', 'above', 'here'] as const) {
        await subject.put('agent', 'one', sample('one', at), at);
      }
      const ranked = rankProfiles(await subject.source.list('agent'));
      expect(ranked.map(({ origin }) => origin)).toMatchObject([
        { scope: 'project', distance: 0 },
        { scope: 'project', distance: 1 },
        { scope: 'user' },
      ]);
      const [nearest] = ranked;
      expect(ranked.map(({ shadowedBy }) => shadowedBy)).toEqual([
        ...[null, nearest!.origin.path, nearest!.origin.path],
      ]);
      const found = await subject.source.read(findProfile(ranked, 'one', 'agent'));
      expect(found.prompt).toBe('here');
    });

    it('lists a broken file with its problem, instead of what it shadows', async () => {
      await subject.put('agent', 'one', '---\nname: one\n', 'here');
      await subject.put('agent', 'one', sample('one'), 'user');
      const ranked = rankProfiles(await subject.source.list('agent'));
      expect(ranked).toMatchObject([{ name: 'one', shadowedBy: null }, { name: 'one' }]);
      expect(ranked[0]!.problem).toMatch(/line 1/);
      await expect(subject.source.read(findProfile(ranked, 'one', 'agent'))).rejects.toThrow(
        InvalidDataError,
      );
    });

    it('keeps fields without a meaning here', async () => {
      await subject.put('agent', 'one', '---\nname: one\nmascot: { kind: fox }\n---\n', 'here');
      const [entry] = await subject.source.list('agent');
      const { unknownFields } = await subject.source.read(entry!);
      expect(unknownFields).toEqual({ mascot: { kind: 'fox' } });
    });

    it('throws FileNotFoundError for a profile that is gone', async () => {
      await subject.put('skill', 'one', sample('one'), 'here');
      const [entry] = await subject.source.list('skill');
      await subject.remove();
      await expect(subject.source.read(entry!)).rejects.toThrow(FileNotFoundError);
    });

    it('reads instructions from the nearest folder to the user', async () => {
      for (const at of ['user', 'above', 'here'] as const) {
        await subject.putInstructions('AGENTS.md', `Be ${at}.`, at);
      }
      await subject.putInstructions('CLAUDE.md', 'Be Claude.', 'here');
      const { files } = await subject.source.instructions(['AGENTS.md']);
      expect(files.map(({ text, scope }) => [text, scope])).toEqual([
        ['Be here.', 'project'],
        ['Be above.', 'project'],
        ['Be user.', 'user'],
      ]);
    });
  });
}
