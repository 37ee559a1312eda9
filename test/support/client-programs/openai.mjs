// A conversation of three turns with tools, by the SDK of OpenAI: DIALECT URL TOKEN QUESTION…
// The test runs it in the folder that has the SDK.
import OpenAI from 'openai';

const [dialect, url, apiKey, ...questions] = process.argv.slice(1);
const client = new OpenAI({ apiKey, baseURL: `${url}/v1` });
const parameters = { type: 'object', properties: { path: { type: 'string' } } };
const model = 'double-1';

const talks = {
  async chat() {
    const messages = [];
    for (const content of questions) {
      messages.push({ role: 'user', content });
      const runner = client.chat.completions.runTools({
        ...{ model, messages, stream: true },
        tools: [
          {
            type: 'function',
            function: { name: 'read', parameters, parse: JSON.parse, function: read },
          },
        ],
      });
      console.log(await runner.finalContent());
      messages.splice(0, messages.length, ...runner.messages);
    }
  },
  async responses() {
    const { id } = await client.conversations.create();
    for (const content of questions) {
      let input = [{ role: 'user', content }];
      while (input.length > 0) {
        const response = await client.responses
          .stream({
            ...{ model, input, conversation: id },
            tools: [{ type: 'function', name: 'read', parameters, strict: false }],
          })
          .finalResponse();
        const calls = response.output.filter(({ type }) => type === 'function_call');
        input = calls.map(({ call_id }) => ({
          ...{ type: 'function_call_output', call_id, output: read() },
        }));
        if (calls.length === 0) console.log(response.output_text);
      }
    }
  },
};

function read() {
  return 'hello from the file';
}

await talks[dialect]();
