/** What a person can do about a failure, with what a face needs to offer it. */
type Choice =
  | { name: 'begin-session' | 'resume-older-copy' | 'list-sessions' }
  | { name: 'restore-session'; session: string }
  | { name: 'compact-session' | 'reset-context' | 'shrink-request' }
  | { name: 'raise-timeout' | 'raise-rounds' }
  | { name: 'choose-model' | 'drop-provider'; provider: string }
  | { name: 'try-demo' | 'use-another-model' }
  | {
      name: 'set-key' | 'replace-key' | 'check-key' | 'check-address' | 'list-models';
      provider: string;
    }
  | { name: 'replace-tool-server' }
  | { name: 'check-database' | 'repair-database' | 'restore-backup' | 'replace-backup' }
  | { name: 'migrate' | 'renew-tables' | 'install-driver' }
  | { name: 'open-database'; place: string };

/**
 * A choice, and `text`, which says it in words of no face: every hint ends with it. A face may put its
 * command there instead, or a button.
 */
export type Action = Choice & { readonly text: string };
