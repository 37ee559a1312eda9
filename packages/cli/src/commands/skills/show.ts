import * as Args from '@oclif/core/args';
import { showProfile } from '@synapse/app/profiles/show-profile';
import { BaseCommand } from '../../base-command.ts';
import { profileLines } from '../../profiles/profile-lines.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class SkillsShow extends BaseCommand {
  static override summary = 'show a skill, its files, and where it departs from the standard';
  static override examples = ['synapse skills show style', 'synapse skills show style --json'];
  static override args = {
    skill: Args.string({ required: true, description: 'its name, client:name, or a path' }),
  };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(SkillsShow);
    const app = await this.openApp(flags);
    const skill = await showProfile(app, args.skill, 'skill');
    if (flags.json) {
      this.printJson({ ...skill });
      return;
    }
    const { name, description, origin, files, body } = skill;
    const fields = { description, file: origin.path, files: files.join(', ') };
    this.show(profileLines(name, fields, body));
    for (const warning of skill.warnings) this.notify(warning);
  }
}
