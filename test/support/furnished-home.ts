import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { scriptedServer } from './mcp-testbed.ts';
import type { ProviderDouble } from './provider-double.ts';
import { outcomeOf, SynapseHome, type Outcome } from './run-synapse.ts';
import { setUpDouble } from './scripted-openai.ts';

const image = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** What somebody has who used Synapse for a while, with a shell in which `synapse` is found. */
export class FurnishedHome extends SynapseHome {
  readonly #programs = join(this.folder, 'bin');

  constructor(double: ProviderDouble) {
    super();
    setUpDouble(this, double, '[aliases]\nfast = "double/double-1"\n');
    mkdirSync(this.#programs);
    const synapse = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
    this.#install('synapse', `exec "${process.execPath}" "${synapse}" "$@"`);
    this.#install('git', 'echo "- a line"; echo "+ another"');
    this.#install('ssh', 'shift; exec "$@"');
    const entry = { command: process.execPath, args: [scriptedServer, 'plain'] };
    this.write(
      '.config/synapse/mcp_servers.json',
      JSON.stringify({ mcpServers: { files: entry } }),
    );
    this.write('photo.jpg', image);
    this.write('notes.md', '# Notes\n');
    this.write('key.txt', 'sk-0123456789abcdef\n');
    mkdirSync(join(this.folder, '.config/fish/completions'), { recursive: true });
  }

  /** Sessions of the names that the help uses, and a file of each kind that it names. */
  async furnish(): Promise<this> {
    const { exitCode, stderr } = await this.inShell(
      [
        ...['my-project', 'scratch'].map((name) => `synapse -q -s ${name} 'Hello' >&2`),
        `synapse -q -s my-project "And this? $(seq 500)"`,
        `synapse -q -c 'Well?'`,
        'synapse sessions export --all --output backup.ndjson',
        'synapse db backup ~/synapse.db',
        'cp ~/synapse.db old.db',
        'synapse keys set anthropic < key.txt',
      ].join('\n'),
    );
    if (exitCode !== 0) throw new Error(stderr);
    return this;
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.folder, name), content, { mode: 0o600 });
  }

  inShell(script: string, environment: Record<string, string> = {}): Promise<Outcome> {
    return outcomeOf(
      spawn('/bin/bash', ['-e', '-o', 'pipefail', '-c', script], {
        cwd: this.folder,
        env: {
          ...this.environment,
          ...environment,
          PATH: `${this.#programs}${delimiter}${process.env.PATH ?? ''}`,
          EDITOR: 'true',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  #install(name: string, script: string): void {
    const path = join(this.#programs, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
}
