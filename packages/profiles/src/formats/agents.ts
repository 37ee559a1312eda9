import { skillPlace, type ProfileFormat } from '../profile-format.ts';

/** The folder that many programs share. */
export const agentsFormat: ProfileFormat = {
  client: 'agents',
  places: [skillPlace('.agents/skills', '~/.agents/skills')],
};
