import { SynapseError } from '@synapse/core';
import type {
  AgentProfile,
  CommandTemplate,
  Profile,
  ProfileEntry,
  Skill,
} from '@synapse/core/profiles';
import { FieldReader } from './field-reader.ts';
import { FileProblem } from './file-problem.ts';
import { readMarkdown, readToml } from './front-matter.ts';
import type { PlacedFile } from './placed-file.ts';
import type { Described, ProfileText } from './profile-format.ts';
import { readPlainHead } from './profile-head.ts';
import { readInside } from './read-inside.ts';
import { readSkill } from './read-skill.ts';

/** No control or direction characters, which could make a name look like another one. */
const SAFE_NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}._:+/-]|[ ](?! )){0,99}$/u;

type AnyDescribed = Described<AgentProfile> | Described<CommandTemplate> | Described<Skill>;

/** The whole profile; throws FileProblem or FileNotFoundError. */
export async function readProfile(file: PlacedFile): Promise<Profile> {
  const { kind, origin, boundary, pathName } = file;
  const { text, sha256 } = readInside(origin.path, boundary);
  const source = await readSource(file, text);
  const { fields } = source;
  const described = describe(file, source);
  if (!SAFE_NAME.test(described.name)) {
    if (!SAFE_NAME.test(pathName)) {
      fields.fail('name', 'has characters that a name must not have', 'name: code-reviewer');
    }
    fields.warnings.push(`Its "name" has unusual characters; the name of the file is used.`);
    described.name = pathName;
  }
  const { warnings } = fields;
  return {
    ...described,
    kind,
    origin,
    sha256,
    warnings,
    unknownFields: fields.unknown(),
  } as Profile;
}

/** What a list shows; only a head that is not plain is parsed in full. */
export async function readEntry(file: PlacedFile): Promise<ProfileEntry> {
  const { kind, origin, boundary, pathName } = file;
  try {
    const isMarkdown = !origin.path.endsWith('.toml');
    const head = isMarkdown ? readPlainHead(readInside(origin.path, boundary).text) : undefined;
    // A command is called by its path, except at Copilot.
    const isNamedByPath = kind === 'command' && file.format.client !== 'copilot';
    if (head) {
      const own = isNamedByPath ? null : head.name;
      const name = own !== null && SAFE_NAME.test(own) ? own : usualName(file);
      return { kind, origin, name, description: head.description, problem: null };
    }
    const { name, description } = await readProfile(file);
    return { kind, origin, name, description, problem: null };
  } catch (error) {
    if (!(error instanceof SynapseError)) throw error;
    const problem = [error.message, error.hint].filter(Boolean).join(' ');
    const name = SAFE_NAME.test(pathName) ? usualName(file) : '?';
    return { kind, origin, name, description: null, problem };
  }
}

/** A skill is named like its folder, anything else like its path. */
function usualName({ kind, pathName }: PlacedFile): string {
  return kind === 'skill' ? (pathName.split(':').at(-1) ?? pathName) : pathName;
}

async function readSource(
  { kind, origin: { path }, pathName }: PlacedFile,
  text: string,
): Promise<ProfileText> {
  if (path.endsWith('.toml')) {
    return { fields: new FieldReader(path, await readToml(path, text)), body: '', pathName };
  }
  const markdown = await readMarkdown(path, text);
  if (!markdown.hasFrontMatter && kind !== 'command') {
    throw new FileProblem(
      path,
      1,
      'the front matter is missing.',
      `Begin the file with "---", "name: …", "description: …" and "---", each on a line of its own.`,
    );
  }
  return { fields: new FieldReader(path, markdown), body: markdown.body, pathName };
}

function describe({ kind, format }: PlacedFile, source: ProfileText): AnyDescribed {
  if (kind === 'skill') return readSkill(source.fields, source.body);
  const described = kind === 'agent' ? format.readAgent?.(source) : format.readCommand?.(source);
  if (!described) throw new Error(`${format.client} has no ${kind}s.`);
  return described;
}
