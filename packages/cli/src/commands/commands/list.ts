import { ProfileListCommand } from '../../profiles/profile-list-command.ts';

export default class CommandsList extends ProfileListCommand {
  static override summary = 'list the prompt templates of this folder and your own';
  static override examples = ['synapse commands list', 'synapse commands list --json'];
  protected override readonly kind = 'command';
}
