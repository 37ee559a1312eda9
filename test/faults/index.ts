import { continuedImports } from './continued-imports.ts';
import { deadHolders } from './dead-holders.ts';
import { divergingStores } from './diverging-stores.ts';
import { everythingAtOnce } from './everything-at-once.ts';
import { failingCalls } from './failing-calls.ts';
import type { Fault } from './fault.ts';
import { fullDisks } from './full-disks.ts';
import { killedCalls } from './killed-calls.ts';
import { fuzzedHistories } from './fuzzed-histories.ts';
import { fuzzedImports } from './fuzzed-imports.ts';
import { fuzzedSettings } from './fuzzed-settings.ts';
import { fuzzedTexts } from './fuzzed-texts.ts';
import { hugeMessages } from './huge-messages.ts';
import { littleMemory } from './little-memory.ts';
import { hugeSession, longTalk } from './long-talk.ts';
import { killedTurns } from './killed-turns.ts';
import { mutatedFiles } from './mutated-files.ts';
import { powerLoss } from './power-loss.ts';
import { crowdedWriters, killedWriters } from './process-crowd.ts';
import { providerFaults } from './provider-faults.ts';
import { slowReader } from './slow-reader.ts';
import { stoppedTurns } from './stopped-turns.ts';
import { strictConversations } from './strict-conversations.ts';

export { missingFor, tiers } from './fault.ts';

export const faults: readonly Fault[] = [
  killedWriters,
  powerLoss,
  failingCalls,
  killedCalls,
  killedTurns,
  stoppedTurns,
  slowReader,
  crowdedWriters,
  everythingAtOnce,
  deadHolders,
  fullDisks,
  littleMemory,
  mutatedFiles,
  divergingStores,
  longTalk,
  hugeSession,
  hugeMessages,
  fuzzedImports,
  fuzzedHistories,
  fuzzedSettings,
  fuzzedTexts,
  providerFaults,
  strictConversations,
  continuedImports,
];
