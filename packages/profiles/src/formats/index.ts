import type { ProfileFormat } from '../profile-format.ts';
import { agentsFormat } from './agents.ts';
import { claudeFormat } from './claude.ts';
import { codexFormat } from './codex.ts';
import { copilotFormat } from './copilot.ts';
import { geminiFormat } from './gemini.ts';
import { opencodeFormat } from './opencode.ts';
import { synapseFormat } from './synapse.ts';

export const formats: readonly ProfileFormat[] = [
  ...[synapseFormat, agentsFormat, claudeFormat, opencodeFormat],
  ...[copilotFormat, codexFormat, geminiFormat],
];
