/**
 * Agents, commands, skills and instructions: values, the port that reads them, precedence, and what
 * becomes of their arguments and tools.
 */
export type {
  AgentProfile,
  CommandInput,
  CommandTemplate,
  Instructions,
  Profile,
  ProfileClient,
  ProfileKind,
  ProfileOrigin,
  Skill,
  ToolLimits,
} from './profiles/profile.ts';
export type { InstructionsFound, ProfileEntry, ProfileSource } from './ports/profile-source.ts';
export { findProfile, rankProfiles, type RankedProfile } from './profiles/rank-profiles.ts';
export { hasShell, parseTemplate, type ArgumentStyle } from './profiles/parse-template.ts';
export { renderTemplate, type CommandArguments } from './profiles/render-template.ts';
export { toToolNames } from './profiles/tool-names.ts';
export { narrowTools } from './profiles/narrow-tools.ts';
