import { joinSignals } from '@synapse/core';

const TIMEOUT_MS = 200;

/** The models of a server on this machine, or undefined if none answers in time. */
export async function probeModels(baseUrl: string): Promise<string[] | undefined> {
  const { request } = await import('node:http');
  const url = new URL(`${baseUrl.replace(/\/$/, '')}/models`);
  if (url.protocol !== 'http:') return undefined;
  const limit = joinSignals([], TIMEOUT_MS);
  const answer = new Promise<string[] | undefined>((resolve) => {
    const probe = request(url, { signal: limit.signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => resolve(response.statusCode === 200 ? idsIn(text) : undefined));
    });
    probe.on('error', () => resolve(undefined));
    probe.end();
  });
  return answer.finally(() => limit.release());
}

function idsIn(text: string): string[] | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: unknown };
    if (!Array.isArray(data)) return undefined;
    return data
      .map((model: { id?: unknown } | null) => model?.id)
      .filter((id) => typeof id === 'string');
  } catch {
    return undefined;
  }
}
