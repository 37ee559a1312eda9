// Follows a run from many connections, and prints how many saw its end. COUNT URL TOKEN RUN
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

const [count, url, token, run] = process.argv.slice(2);
const agent = new Agent({ maxSockets: Infinity });
const headers = { authorization: `Bearer ${token}` };
const responses = await Promise.all(
  Array.from({ length: Number(count) }, async () => {
    const sent = request(`${url}/api/runs/${run}/events`, { agent, headers });
    sent.end();
    const [response] = await once(sent, 'response');
    return response;
  }),
);
console.log('watching');
const streams = await Promise.all(responses.map((response) => text(response)));
console.log(streams.filter((events) => events.includes('run-ended')).length);
agent.destroy();
