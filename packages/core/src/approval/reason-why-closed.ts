import type { StoredApproval } from '../ports/approval-store.ts';

/** Why a question takes no other answer, for an error. */
export function reasonWhyClosed({ state, answer }: StoredApproval): string {
  switch (state) {
    case 'decided':
      return `it was answered with "${answer ?? ''}"`;
    case 'withdrawn':
      return 'it was withdrawn';
    default:
      return 'it has expired';
  }
}
