import type { ReplCommand } from '../repl-command.ts';
import { attachmentCommands } from './attachment-commands.ts';
import { contextCommands } from './context-commands.ts';
import { copyCommands } from './copy-commands.ts';
import { displayCommands } from './display-commands.ts';
import { figureCommands } from './figure-commands.ts';
import { generalCommands } from './general-commands.ts';
import { importCommand } from './import-command.ts';
import { modelCommands } from './model-commands.ts';
import { namingCommands } from './naming-commands.ts';
import { outputCommands } from './output-commands.ts';
import { sessionCommands } from './session-commands.ts';
import { profileCommands } from './profile-commands.ts';
import { toolCommands } from './tool-commands.ts';
import { turnCommands } from './turn-commands.ts';
import { variantCommands } from './variant-commands.ts';

/** In the order of the help. */
export const replCommands: readonly ReplCommand[] = [
  ...generalCommands,
  ...sessionCommands,
  ...namingCommands,
  ...modelCommands,
  ...profileCommands,
  ...toolCommands,
  ...turnCommands,
  ...variantCommands,
  ...contextCommands,
  ...copyCommands,
  ...attachmentCommands,
  ...outputCommands,
  importCommand,
  ...figureCommands,
  ...displayCommands,
];
