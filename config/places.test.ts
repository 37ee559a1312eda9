import { userInfo } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { findPlaces } from './places.ts';

describe('findPlaces', () => {
  it('puts everything in the home folder, or in the XDG folders', () => {
    const environment = { HOME: '/home/ada', XDG_CACHE_HOME: '/cache', XDG_STATE_HOME: 'relative' };
    expect(findPlaces(environment)).toEqual({
      configFolder: '/home/ada/.config/synapse',
      configFile: '/home/ada/.config/synapse/config.toml',
      stateFolder: '/home/ada/.local/state/synapse',
      cacheFolder: '/cache/synapse',
    });
  });

  it.each(['', '.', 'home'])('asks the system for the home folder if HOME is "%s"', (home) => {
    const { configFolder } = findPlaces({ HOME: home });
    expect(configFolder).toBe(`${userInfo().homedir}/.config/synapse`);
  });

  it('uses the file that SYNAPSE_CONFIG names', () => {
    const environment = { HOME: '/home/ada', SYNAPSE_CONFIG: '~/mine.toml' };
    expect(findPlaces(environment).configFile).toBe('/home/ada/mine.toml');
  });
});
