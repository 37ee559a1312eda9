import { ProfileListCommand } from '../../profiles/profile-list-command.ts';

export default class SkillsList extends ProfileListCommand {
  static override summary = 'list the skills of this folder and your own';
  static override examples = ['synapse skills list', 'synapse skills list --json'];
  protected override readonly kind = 'skill';
}
