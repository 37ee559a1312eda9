const MIB = 1 << 20;

/** The limits that protect the server; tests choose smaller ones. */
export interface Limits {
  jsonBytes: number;
  uploadBytes: number;
  importBytes: number;
  urlLength: number;
  /** For the whole head of a request. */
  headersMs: number;
  /** For the whole request, including an upload. */
  requestMs: number;
  /** Without progress in either direction. */
  idleMs: number;
  /** Of one token. */
  requestsPerMinute: number;
  /** Of one address. */
  refusedTokensPerMinute: number;
  /** For requests in progress when the server stops. */
  stopMs: number;
}

export const defaultLimits: Limits = {
  jsonBytes: MIB,
  uploadBytes: 25 * MIB,
  importBytes: 256 * MIB,
  urlLength: 8 << 10,
  headersMs: 10_000,
  requestMs: 300_000,
  idleMs: 120_000,
  requestsPerMinute: 1200,
  refusedTokensPerMinute: 20,
  stopMs: 10_000,
};
