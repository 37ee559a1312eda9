import { listProfiles, type ListedProfile } from '@synapse/app/profiles/list-profiles';
import type { ProfileKind } from '@synapse/core/profiles';
import { BaseCommand } from '../base-command.ts';
import { outputStyleOf } from '../output/output-style.ts';
import { jsonFlag } from '../shared-flags.ts';

/** Lists all profiles of a kind: those that count, those that are shadowed, and those with problems. */
export abstract class ProfileListCommand extends BaseCommand {
  static override description = [
    'Shows where each comes from, and which files are shadowed, unreadable or not trusted.',
    'With --verbose also what was understood differently from how it is written.',
  ].join('\n');
  static override flags = { ...jsonFlag };
  protected abstract readonly kind: ProfileKind;

  override async run(): Promise<void> {
    const { flags } = await this.parse(ProfileListCommand);
    const app = await this.openApp(flags);
    const all = await listProfiles(app, this.kind);
    if (flags.json) {
      this.printJson({ items: all.map(profileToJson), nextCursor: null });
      return;
    }
    if (all.length === 0) {
      this.notify(`no ${this.kind}s here; docs/guide/profiles.md names the folders`);
      return;
    }
    const { toTable, toVisibleText } = await import('@synapse/terminal');
    const columns = [
      { title: 'NAME', text: ({ name }: ListedProfile) => name },
      { title: 'FROM', text: ({ origin }: ListedProfile) => `${origin.client}, ${origin.scope}` },
      { title: 'STATE', text: stateOf },
      {
        title: 'DESCRIPTION',
        text: ({ description }: ListedProfile) => toVisibleText(description ?? ''),
        isFlexible: true,
      },
    ];
    process.stdout.write(toTable(columns, all, outputStyleOf(process.stdout, app)));
    for (const { problem } of all) if (problem !== null) this.notify(problem);
    if (flags.verbose) for (const line of all.flatMap(detailsOf)) this.notify(line);
  }
}

function stateOf({ problem, shadowedBy, isTrusted }: ListedProfile): string {
  if (problem !== null) return 'unreadable';
  if (shadowedBy !== null) return 'shadowed';
  return isTrusted ? 'usable' : 'not trusted';
}

function detailsOf({ origin, warnings, unknownFields, shadowedBy }: ListedProfile): string[] {
  const unknown = unknownFields.length === 0 ? [] : [`unknown fields: ${unknownFields.join(', ')}`];
  const shadowed = shadowedBy === null ? [] : [`shadowed by ${shadowedBy}`];
  return [...warnings, ...unknown, ...shadowed].map((text) => `${origin.path}: ${text}`);
}

function profileToJson({ kind: _, origin, ...profile }: ListedProfile) {
  const { client, scope, path } = origin;
  return { ...profile, client, scope, path };
}
