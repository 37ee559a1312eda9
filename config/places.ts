import { isAbsolute, join } from 'node:path';
import { expandHome } from './expand.ts';
import { homeFolder } from './home-folder.ts';

/** The folders and files that Synapse uses when nothing else is said. */
export interface Places {
  configFile: string;
  /** Holds the config file, the database, the MCP servers. */
  configFolder: string;
  /** Holds the log and the history of the prompt. */
  stateFolder: string;
  cacheFolder: string;
}

export function findPlaces(environment: NodeJS.ProcessEnv): Places {
  const home = homeFolder(environment);
  // The XDG specification says that a relative path is to be ignored.
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
