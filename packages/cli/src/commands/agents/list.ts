import { ProfileListCommand } from '../../profiles/profile-list-command.ts';

export default class AgentsList extends ProfileListCommand {
  static override summary = 'list the agents of this folder and your own';
  static override examples = ['synapse agents list', 'synapse agents list --json'];
  protected override readonly kind = 'agent';
}
