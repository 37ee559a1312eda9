// Runs command lines, given as JSON on stdin, by oclif's own runner and by the command itself, and prints
// what came of each. The one argument is the folder of the package.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Plugin, run } from '@oclif/core';

const [root] = process.argv.slice(2);
const lines = JSON.parse(readFileSync(0, 'utf8'));
const { main } = createRequire(import.meta.url)(join(root, 'bin/load-bundle.cjs'));
// Each run of the command listens until its process ends.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);

const write = process.stdout.write.bind(process.stdout);
const outcomes = [];
for (const argv of lines) {
  outcomes.push({
    argv,
    byOclif: await collect(() => runByOclif(argv)),
    own: await collect(() => main(argv)),
  });
}
const built = new Plugin({ root, ignoreManifest: true, errorOnManifestCreate: true });
await built.load();
write(JSON.stringify({ outcomes, manifest: built.manifest }));
process.exitCode = 0;

async function runByOclif(argv) {
  try {
    await run(argv, { root });
  } catch (error) {
    const { message, oclif, suggestions = [] } = error;
    const advice = suggestions
      .map((text) => `\n${text}`)
      .join('')
      .replaceAll('\n', '\n  ');
    process.stderr.write(`synapse: ${message}${advice}\n`);
    process.exitCode = oclif?.exit;
  }
}

async function collect(work) {
  const outcome = { stdout: '', stderr: '' };
  process.stdout.write = (text) => Boolean((outcome.stdout += text));
  process.stderr.write = (text) => Boolean((outcome.stderr += text));
  process.exitCode = 0;
  await work();
  return { ...outcome, exitCode: process.exitCode };
}
