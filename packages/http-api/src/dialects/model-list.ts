import type { ListedModel } from '@synapse/app/models/list-models';

/** A model as clients of OpenAI and of Anthropic read it: each ignores the fields of the other. */
export interface ClientModel {
  id: string;
  object: 'model';
  type: 'model';
  created: number;
  created_at: string;
  owned_by: string;
  display_name: string;
}

export interface ClientModelList {
  object: 'list';
  data: ClientModel[];
  has_more: false;
  first_id: string | null;
  last_id: string | null;
}

/** The models as `provider/model`, and the aliases of the settings before them. */
export function toModelList(
  models: readonly ListedModel[],
  aliases: Readonly<Record<string, string>>,
): ClientModelList {
  const data = [
    ...Object.keys(aliases).map((id) => toClientModel(id, 'synapse', id)),
    ...models.map(({ id, provider, name }) =>
      toClientModel(`${provider}/${id}`, provider, name ?? id),
    ),
  ];
  return {
    ...{ object: 'list', data, has_more: false },
    ...{ first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null },
  };
}

export function findClientModel({ data }: ClientModelList, id: string): ClientModel | undefined {
  return data.find((model) => model.id === id);
}

/** Providers report no time of creation, and clients demand one. */
function toClientModel(id: string, owned_by: string, display_name: string): ClientModel {
  return {
    ...{ id, object: 'model', type: 'model', owned_by, display_name },
    ...{ created: 0, created_at: new Date(0).toISOString() },
  };
}
