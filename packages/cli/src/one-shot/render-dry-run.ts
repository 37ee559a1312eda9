import { toByteSize, toDollars, toShortNumber } from '@synapse/core/words';
import { toSafeText } from '@synapse/terminal';
import type { DryRun, PlannedPart } from '@synapse/app/conversation/dry-run';

/** A request as a person reads it, before it is sent. */
export function renderDryRun({ provider, model, baseUrl, request, estimate }: DryRun): string {
  const { systemPrompt, messages, tools, outputSchema } = request;
  const sections = [
    `To ${model} of ${provider}${baseUrl === null ? '' : ` at ${baseUrl}`}`,
    systemPrompt === null ? '' : section('system', systemPrompt),
    ...messages.map(({ role, parts }) => section(role, parts.map(describe).join('\n'))),
    tools.length > 0 ? section('tools', tools.map(({ name }) => name).join(', ')) : '',
    outputSchema ? section('answer', JSON.stringify(outputSchema.schema, null, 2)) : '',
    `About ${toShortNumber(estimate.inputTokens)} tokens, ${priceOf(estimate)}. Nothing was sent or stored.`,
  ];
  return toSafeText(sections.filter((text) => text !== '').join('\n\n'));
}

function section(title: string, text: string): string {
  return `${title}\n${text.trim().replaceAll(/^(?=.)/gm, '  ')}`;
}

function describe(part: PlannedPart): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'reasoning':
      return `[reasoning] ${part.text}`;
    case 'tool-call':
      return `[call ${part.name}] ${JSON.stringify(part.input)}`;
    case 'tool-result':
      return `[${part.isError ? 'failure' : 'result'} of ${part.name}] ${part.output}`;
    case 'image':
    case 'file': {
      const { name, mediaType, byteLength } = part.attachment;
      return `[${part.type} ${name ?? ''}] ${mediaType}, ${toByteSize(byteLength)}`;
    }
  }
}

function priceOf({ inputCostUsd }: DryRun['estimate']): string {
  if (inputCostUsd === null) return 'at an unknown price';
  return `${toDollars(inputCostUsd)} before the answer`;
}
