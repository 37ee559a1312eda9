import { isAbsolute, join } from 'node:path';
import { expandHome } from './expand.ts';
import { homeFolder } from './home-folder.ts';

/** The default folders and files of Synapse. */
export interface Places {
  configFile: string;
  /** Contains the config file, the database and the MCP servers. */
  configFolder: string;
  /** Contains the log and the history of the prompt. */
  stateFolder: string;
  cacheFolder: string;
}

export function findPlaces(environment: NodeJS.ProcessEnv): Places {
  const home = homeFolder(environment);
  // The XDG specification demands that relative paths are ignored.
  const folder = (variable: string, otherwise: string) => {
    const chosen = environment[variable] ?? '';
    return join(isAbsolute(chosen) ? chosen : join(home, otherwise), 'synapse');
  };
  const configFolder = folder('XDG_CONFIG_HOME', '.config');
  return {
    configFolder,
    configFile: environment.SYNAPSE_CONFIG
      ? expandHome(environment.SYNAPSE_CONFIG, environment)
      : join(configFolder, 'config.toml'),
    stateFolder: folder('XDG_STATE_HOME', join('.local', 'state')),
    cacheFolder: folder('XDG_CACHE_HOME', '.cache'),
  };
}
