/**
 * The rights of every command: run programs, signal its own processes, read facts about the
 * machine, read the system. Everything else is denied. So a command can't ask the keychain or other
 * programs, and can't give a file a second name to which other rules would apply.
 */
export const baseRules = `(version 1)
(deny default)
(allow process-exec process-fork)
(allow signal (target same-sandbox))
(allow process-info* (target same-sandbox))
(allow ipc-posix-sem ipc-posix-shm)
(allow sysctl-read
  (sysctl-name-prefix "hw.") (sysctl-name-prefix "machdep.cpu.") (sysctl-name-prefix "kern.os")
  (sysctl-name "kern.argmax") (sysctl-name "kern.hostname") (sysctl-name "kern.maxfilesperproc")
  (sysctl-name "kern.maxproc") (sysctl-name "kern.ngroups") (sysctl-name "kern.secure_kernel")
  (sysctl-name "kern.usrstack64") (sysctl-name "kern.version") (sysctl-name "sysctl.proc_cputype")
  (sysctl-name "vm.loadavg"))
(allow mach-lookup
  (global-name "com.apple.bsd.dirhelper") (global-name "com.apple.logd")
  (global-name "com.apple.system.logger") (global-name "com.apple.system.notification_center")
  (global-name "com.apple.system.opendirectoryd.libinfo")
  (global-name "com.apple.system.opendirectoryd.membership"))
(allow file-read*)
(allow file-write-data file-ioctl (literal "/dev/null") (literal "/dev/zero"))`;

/** The network, without programs that listen on a socket of this computer, except for name resolution. */
export const networkRules = `(allow network* system-socket)
(allow mach-lookup
  (global-name "com.apple.SystemConfiguration.DNSConfiguration")
  (global-name "com.apple.SystemConfiguration.configd") (global-name "com.apple.dnssd.service")
  (global-name "com.apple.trustd") (global-name "com.apple.trustd.agent"))
(deny network-outbound (remote unix-socket))
(allow network-outbound (remote unix-socket (path-literal "/private/var/run/mDNSResponder")))`;

/** Passes paths as parameters, so that no path can become part of a rule's text. */
export class SeatbeltProfile {
  readonly #rules: string[];
  readonly #paths: string[] = [];

  constructor(rules: string) {
    this.#rules = [rules];
  }

  get pathCount(): number {
    return this.#paths.length;
  }

  add(what: string, filter: 'subpath' | 'literal', paths: readonly string[]): void {
    if (paths.length === 0) return;
    const filters = paths.map((path) => `(${filter} (param "P${this.#paths.push(path)}"))`);
    this.#rules.push(`(${what} ${filters.join(' ')})`);
  }

  addText(rules: string): void {
    this.#rules.push(rules);
  }

  toArguments(): string[] {
    const parameters = this.#paths.flatMap((path, index) => ['-D', `P${index + 1}=${path}`]);
    return [...parameters, '-p', this.#rules.join('\n')];
  }
}
