import * as Args from '@oclif/core/args';
import { showProfile } from '@synapse/app/profiles/show-profile';
import { BaseCommand } from '../../base-command.ts';
import { profileLines } from '../../profiles/profile-lines.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class CommandsShow extends BaseCommand {
  static override summary = 'show a prompt template as Synapse understands it';
  static override examples = [
    'synapse commands show explain',
    'synapse commands show explain --json',
  ];
  static override args = {
    command: Args.string({ required: true, description: 'its name, client:name, or a path' }),
  };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(CommandsShow);
    const app = await this.openApp(flags);
    const template = await showProfile(app, args.command, 'command');
    if (flags.json) {
      this.printJson({ ...template });
      return;
    }
    const { name, description, origin, inputs, argumentHint, agent, models, body } = template;
    const fields = {
      description,
      file: origin.path,
      inputs: inputs.map(({ name: input, type }) => `${input} (${type})`).join(', '),
      arguments: argumentHint,
      agent,
      models: models.join(', '),
    };
    this.show(profileLines(name, fields, body));
    for (const warning of template.warnings) this.notify(warning);
  }
}
