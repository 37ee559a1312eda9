import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@synapse/core';
import { parseDatabaseUrl } from './database-url.ts';

const surroundings = {
  configFolder: '/home/ada/.config/synapse',
  environment: { HOME: '/home/ada' },
};
const parse = (text: string | null) => parseDatabaseUrl(text, surroundings);

describe('the address of the database', () => {
  it.each([
    [null, '/home/ada/.config/synapse/sessions.db'],
    ['/tmp/x.db', '/tmp/x.db'],
    ['~/x.db', '/home/ada/x.db'],
    ['/tmp/100%.db', '/tmp/100%.db'],
    ['sqlite:/tmp/x.db', '/tmp/x.db'],
    ['sqlite:///tmp/a%20b.db', '/tmp/a b.db'],
    ['file:///tmp/a%25b.db', '/tmp/a%b.db'],
    ['sqlite::memory:', ':memory:'],
  ])('reads %j as a file', (text, path) => {
    expect(parse(text)).toEqual({ engine: 'sqlite', path });
  });

  it.each([
    'postgres://ada:s%40crets@host/db?sslmode=require',
    'postgresql://ada:s@crets@host:6432/db',
    'postgres://ada:s,cret@host/a,b',
    'postgres://host/db?user=ada@host',
    'postgres:///db?host=/var/run/postgresql',
    'POSTGRES://host',
  ])('keeps the address of a server unchanged: %s', (url) => {
    expect(parse(url)).toEqual({ engine: 'postgres', url });
  });

  it.each([
    ['postgres://ada:s#crets@host/db', 'not a valid URL'],
    ['postgres://ada:s@crets#x@host/db', 'not a valid URL'],
    ['postgres://ada:12/crets@host/db', 'not a valid URL'],
    ['postgres://ada:12?crets@host/db', 'not a valid URL'],
    ['postgresql://ada:s,cret@a:1,b:2/db', 'several servers'],
    ['postgres://a,b/db', 'several servers'],
    ['sqlite:/tmp/%zz.db', 'not the path of a file on this machine'],
    ['file://host/x.db', 'not the path of a file on this machine'],
    ['file:///tmp/%2Fx.db', 'not the path of a file on this machine'],
    ['file:///tmp/%zz', 'not the path of a file on this machine'],
    ['sqlite:', 'not a database type that Synapse supports'],
    ['mysql://host/db', 'not a database type that Synapse supports'],
  ])('rejects %j with a message that hides a possible password', (text, words) => {
    const read = () => parse(text);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(words);
    expect(read).not.toThrow('cret');
  });
});
