import * as Args from '@oclif/core/args';
import { showProfile } from '@synapse/app/profiles/show-profile';
import { BaseCommand } from '../../base-command.ts';
import { profileLines } from '../../profiles/profile-lines.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class AgentsShow extends BaseCommand {
  static override summary = 'show an agent as Synapse understands it';
  static override examples = [
    'synapse agents show reviewer',
    'synapse agents show reviewer --json',
  ];
  static override args = {
    agent: Args.string({ required: true, description: 'its name, client:name, or a path' }),
  };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(AgentsShow);
    const app = await this.openApp(flags);
    const agent = await showProfile(app, args.agent, 'agent');
    if (flags.json) {
      this.printJson({ ...agent });
      return;
    }
    const { name, description, origin, models, tools, deny, ask, maxTurns, prompt } = agent;
    const fields = {
      description,
      file: origin.path,
      models: models.join(', '),
      tools: tools?.join(', ') ?? 'all that you permit',
      'never runs': deny.join(', '),
      'asks before': ask.join(', '),
      'most turns': maxTurns?.toString() ?? '',
    };
    this.show(profileLines(name, fields, prompt));
    for (const warning of agent.warnings) this.notify(warning);
  }
}
