import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { UsageError } from '@synapse/core';
import { scopes } from '@synapse/core/server';
import { createToken, revokeToken } from '@synapse/app/server/tokens';
import { BaseCommand } from '../../base-command.ts';
import { outputStyleOf } from '../../output/output-style.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class ServeTokens extends BaseCommand {
  static override summary = 'create, list and revoke the tokens for "synapse serve"';
  static override description =
    'A new token is shown once: the database has only its hash. Without --scope it may only read.';
  static override examples = [
    'synapse serve tokens list',
    'synapse serve tokens create laptop --scope read --scope write',
    'synapse serve tokens create phone && synapse serve tokens revoke phone',
  ];
  static override args = {
    action: Args.string({
      required: true,
      options: ['create', 'list', 'revoke'],
      description: 'what to do',
    }),
    token: Args.string({ description: 'the name of the new token; or the name or id of one' }),
  };
  static override flags = {
    scope: Flags.option({ options: scopes, multiple: true, multipleNonGreedy: true })({
      description: 'what a new token may do',
    }),
    ...jsonFlag,
  };

  protected override readonly makesDatabase = true;

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(ServeTokens);
    const { action, token: name = '' } = args;
    if (action !== 'list' && name === '') throw new UsageError('Name the token.');
    const app = await this.openApp(flags);
    const now = app.clock.now();
    await this.withStore(app, async ({ tokens }) => {
      const scopes = flags.scope ?? [];
      const created =
        action === 'create' ? await createToken(tokens, { name, scopes, now }) : undefined;
      const changed = action === 'revoke' ? await revokeToken(tokens, name, now) : created?.token;
      const items = changed ? [changed] : await tokens.list();
      if (flags.json) this.printJson({ items, secret: created?.secret ?? null, nextCursor: null });
      else if (created) this.print(created.secret);
      else if (changed) this.show(`revoked ${changed.name}`);
      else {
        const { toTokenTable } = await import('../../serve/token-table.ts');
        process.stdout.write(toTokenTable(items, outputStyleOf(process.stdout, app)));
      }
    });
  }
}
