#!/usr/bin/env node
// Starts the bundle from V8's cached code. Written for old parsers too, so that an old Node gets a
// sentence instead of a syntax error.
'use strict';

var version = process.versions.node.split('.');
if (Number(version[0]) < 20 || (Number(version[0]) === 20 && Number(version[1]) < 19)) {
  process.stderr.write(
    'synapse: needs Node 20.19 or newer; this is ' + process.versions.node + '\n',
  );
  process.exit(69);
}

if (process.argv.length === 3 && process.argv[2] === '--version') {
  process.stdout.on('error', function (error) {
    process.exitCode = error.code === 'EPIPE' ? 0 : 74;
  });
  process.stdout.write('synapse ' + require('../package.json').version + '\n');
} else {
  require('./load-bundle.cjs').main(process.argv.slice(2));
}
