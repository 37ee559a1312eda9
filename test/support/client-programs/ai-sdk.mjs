// A conversation of three turns with tools, by the AI SDK: DIALECT URL TOKEN QUESTION…
// The test runs it in the folder that has the SDK.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { jsonSchema, stepCountIs, streamText, tool } from 'ai';

const [dialect, url, apiKey, ...questions] = process.argv.slice(1);
const options = { apiKey, baseURL: `${url}/v1` };
const models = {
  chat: () => createOpenAICompatible({ ...options, name: 'synapse' })('double-1'),
  responses: () => createOpenAI(options).responses('double-1'),
  messages: () => createAnthropic(options)('double-1'),
};
const schema = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] };
const read = tool({
  description: 'Reads a file.',
  inputSchema: jsonSchema(schema),
  execute: async () => 'hello from the file',
});

const messages = [];
for (const content of questions) {
  messages.push({ role: 'user', content });
  const result = streamText({
    ...{ model: models[dialect](), messages, tools: { read }, stopWhen: stepCountIs(4) },
    onError({ error }) {
      throw error;
    },
  });
  messages.push(...(await result.response).messages);
  console.log(await result.text);
}
