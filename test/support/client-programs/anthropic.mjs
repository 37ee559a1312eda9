// A conversation of three turns with tools, by the SDK of Anthropic: DIALECT URL TOKEN QUESTION…
// The test runs it in the folder that has the SDK.
import Anthropic from '@anthropic-ai/sdk';

const [, baseURL, apiKey, ...questions] = process.argv.slice(1);
const client = new Anthropic({ apiKey, baseURL });
const input_schema = { type: 'object', properties: { path: { type: 'string' } } };

const messages = [];
for (const content of questions) {
  messages.push({ role: 'user', content });
  for (let isCalling = true; isCalling;) {
    const message = await client.messages
      .stream({
        ...{ model: 'double-1', max_tokens: 100, messages },
        tools: [{ name: 'read', input_schema }],
      })
      .finalMessage();
    messages.push({ role: 'assistant', content: message.content });
    isCalling = message.stop_reason === 'tool_use';
    const calls = message.content.filter(({ type }) => type === 'tool_use');
    const results = calls.map(({ id }) => ({
      ...{ type: 'tool_result', tool_use_id: id, content: 'hello from the file' },
    }));
    if (isCalling) messages.push({ role: 'user', content: results });
    else console.log(message.content.find(({ type }) => type === 'text').text);
  }
}
