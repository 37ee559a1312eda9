import { InvalidSettingsError, loadSettings, type Problem } from '@synapse/config';

/** Everything that is wrong with the settings as they are now. */
export async function findProblems(environment: NodeJS.ProcessEnv): Promise<readonly Problem[]> {
  try {
    await loadSettings({ environment });
    return [];
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.problems;
    throw error;
  }
}
