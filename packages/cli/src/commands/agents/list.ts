import { ProfileListCommand } from '../../profiles/profile-list-command.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class AgentsList extends ProfileListCommand {
  static override summary = 'list the agents of this folder and your own';
  static override description =
    'Shows where each comes from, and which files are shadowed, unreadable or not trusted.\nWith --verbose also what was understood differently from how it is written.';
  static override examples = ['synapse agents list', 'synapse agents list --json'];
  static override flags = { ...jsonFlag };
  protected override readonly kind = 'agent';

  override async run(): Promise<void> {
    const { flags } = await this.parse(AgentsList);
    await this.list(flags);
  }
}
