import { toShortNumber } from '@synapse/core/words';
import { toTable } from '@synapse/terminal';
import type { OutputStyle } from '../output/output-style.ts';
import type { ListedModel } from '@synapse/app/models/list-models';

/** An unknown price is shown as unknown, and never as free. */
export function toModelTable(models: readonly ListedModel[], outputStyle: OutputStyle): string {
  const price = (value: number | undefined) => (value === undefined ? '–' : `$${value}`);
  return toTable<ListedModel>(
    [
      {
        title: 'MODEL',
        text: ({ provider, id }) => `${provider}/${id}`,
        isFlexible: true,
        fewest: 20,
      },
      {
        title: 'CONTEXT',
        text: ({ contextTokens }) => toShortNumber(contextTokens),
        align: 'right',
      },
      {
        title: 'OUTPUT',
        text: ({ maxOutputTokens }) => toShortNumber(maxOutputTokens),
        align: 'right',
      },
      { title: '$ IN', text: (model) => price(model.price?.inputPerMillion), align: 'right' },
      { title: '$ OUT', text: (model) => price(model.price?.outputPerMillion), align: 'right' },
      { title: 'ABILITIES', text: ({ abilities }) => abilities.join(' '), isFlexible: true },
    ],
    models,
    outputStyle,
  );
}
