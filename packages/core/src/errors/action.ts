/** A remedy that the user has for a failure, with the data that an interface needs to offer it. */
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
  | { name: 'replace-tool-server' | 'trust-folder' }
  | { name: 'check-database' | 'repair-database' | 'restore-backup' | 'replace-backup' }
  | { name: 'migrate' | 'renew-tables' | 'install-driver' }
  | { name: 'open-database'; place: string };

/**
 * A choice, and its `text` without names of any interface: every hint ends with it. An interface
 * may show its own command or button instead.
 */
export type Action = Choice & { readonly text: string };
