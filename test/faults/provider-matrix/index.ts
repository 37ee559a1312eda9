import { callCases } from './call-cases.ts';
import { connectionCases } from './connection-cases.ts';
import type { MatrixCase } from './matrix-case.ts';
import { statusCases } from './status-cases.ts';
import { streamCases } from './stream-cases.ts';

export { openBench, type Bench } from './bench.ts';
export { judgeAnyCell, judgeCell, type Finding } from './judge-cell.ts';
export { scenes } from './matrix-case.ts';
export { runCell, type Cell } from './run-cell.ts';
export { TONGUES } from './tongue.ts';

export const matrixCases: readonly MatrixCase[] = [
  ...connectionCases,
  ...statusCases,
  ...streamCases,
  ...callCases,
];
