import type { Suggestion } from './suggestion.ts';

export interface ValueQuestion {
  /** The command. */
  id: string;
  words: readonly string[];
  environment: NodeJS.ProcessEnv;
}

/** The possible values of a flag or an argument of this name; none if only the user can know them. */
export async function suggestValues(name: string, question: ValueQuestion): Promise<Suggestion[]> {
  switch (name) {
    case 'session': {
      const { suggestSessions } = await import('./suggest-sessions.ts');
      return suggestSessions(question.environment, valueOf('--database', question.words));
    }
    case 'provider': {
      const { suggestProviders } = await import('./suggest-models.ts');
      return suggestProviders(question.environment);
    }
    case 'model': {
      const { suggestModels } = await import('./suggest-models.ts');
      const { words, environment } = question;
      return suggestModels(environment, valueOf('--provider', words) ?? valueOf('-p', words));
    }
    case 'key': {
      const { leavesOf, schema } = await import('@synapse/config');
      return leavesOf(schema).map(([value, { doc }]) => ({ value, description: doc }));
    }
    case 'topic': {
      const { commands, topics } = await import('../command-table.ts');
      const { helpTopics } = await import('../help/help-topics.ts');
      const names = [commands, topics, helpTopics].flatMap((table) => Object.keys(table));
      return names.map((value) => ({ value, description: '' }));
    }
    case 'shell': {
      const { stubs } = await import('./stubs.ts');
      return Object.keys(stubs).map((value) => ({ value, description: '' }));
    }
    default:
      return [];
  }
}

function valueOf(flag: string, words: readonly string[]): string | undefined {
  const index = words.indexOf(flag);
  return index === -1 ? undefined : words[index + 1];
}
