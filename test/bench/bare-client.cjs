// One streamed answer through the SDK and nothing else: node bare-client.cjs <base URL>
'use strict';
const { createRequire } = require('node:module');
const path = require('node:path');

const owner = path.join(__dirname, '../../packages/provider-openai/package.json');
const { default: OpenAI } = createRequire(owner)('openai');

async function main() {
  const client = new OpenAI({ apiKey: 'none', baseURL: process.argv[2] });
  const stream = await client.responses.create({ model: 'gpt-5', input: 'hi', stream: true });
  for await (const event of stream) {
    if (event.type === 'response.output_text.delta') process.stdout.write(event.delta);
  }
}
void main();
