import { toUsd, type NewMessage } from '@synapse/core';

// An export and what the commands print have one shape.
export { messageToJson, sessionToJson } from '@synapse/core';

function costOf({ cost }: NewMessage): number | null {
  return cost && toUsd(cost.nanoUsd);
}
