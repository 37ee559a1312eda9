import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installPackages } from '../../scripts/install-packages.mjs';
import { headerVariables } from '../../scripts/node-headers.mjs';

const nothing = 'nodedir=undefined\ndisturl=undefined\ndist-url=undefined\n';

describe('the headers for what has to be compiled', () => {
  let folder: string;
  let node: string;
  const installHeaders = (version = '20.19.4') => {
    const [major, minor, patch] = version.split('.');
    const headers = join(folder, 'prefix/include/node');
    mkdirSync(headers, { recursive: true });
    writeFileSync(join(headers, 'node.h'), '');
    writeFileSync(
      join(headers, 'node_version.h'),
      `#define NODE_MAJOR_VERSION ${major}\n#define NODE_MINOR_VERSION ${minor}\n#define NODE_PATCH_VERSION ${patch}\n`,
    );
  };
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'synapse-headers-')));
    mkdirSync(join(folder, 'prefix/bin'), { recursive: true });
    node = join(folder, 'prefix/bin/node');
    writeFileSync(node, '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are those that came with this Node', () => {
    installHeaders();
    expect(headerVariables(nothing, node, '20.19.4')).toEqual({
      npm_config_nodedir: join(folder, 'prefix'),
    });
  });

  it('are found where Node is reached through a symbolic link', () => {
    installHeaders();
    mkdirSync(join(folder, 'bin'));
    symlinkSync(node, join(folder, 'bin/node'));
    expect(headerVariables(nothing, join(folder, 'bin/node'), '20.19.4')).toEqual({
      npm_config_nodedir: join(folder, 'prefix'),
    });
  });

  it.each(['nodedir=/opt/node', 'disturl=https://mirror', 'dist-url=https://mirror'])(
    'are left to npm where it has %s',
    (setting) => {
      installHeaders();
      const [name = ''] = setting.split('=');
      const configured = nothing.replace(`${name}=undefined`, setting);
      expect(headerVariables(configured, node, '20.19.4')).toEqual({});
    },
  );

  it('are left to npm where Node came without any, or they are of another version', () => {
    expect(headerVariables(nothing, node, '20.19.4')).toEqual({});
    installHeaders('18.20.0');
    expect(headerVariables(nothing, node, '20.19.4')).toEqual({});
  });

  it.each(['a-checkout', 'a checkout'])('are given to npm when %s is installed', (name) => {
    const checkout = join(folder, name);
    mkdirSync(join(checkout, 'packages'), { recursive: true });
    mkdirSync(join(checkout, 'node_modules'));
    writeFileSync(join(checkout, '.npmrc'), 'nodedir=/opt/node\n');
    writeFileSync(join(checkout, 'package.json'), '{"name": "x", "version": "1.0.0"}');
    writeFileSync(join(checkout, 'package-lock.json'), '{"packages": {}}');
    const machine = { PATH: process.env.PATH, HOME: folder, npm_config_globalconfig: '/dev/null' };
    const givenFolder = () => {
      let environment: NodeJS.ProcessEnv = {};
      const run = (_command: string, _args: string[], options: { environment: typeof machine }) => {
        ({ environment } = options);
      };
      installPackages(checkout, run, machine);
      return environment.npm_config_nodedir;
    };
    expect(givenFolder()).toBeUndefined();
    writeFileSync(join(checkout, '.npmrc'), '');
    expect(givenFolder()).toBe(headerVariables(nothing).npm_config_nodedir);
  });
});
