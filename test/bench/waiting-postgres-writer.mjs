// Another process that writes to a session of its own now and then, and says how long that took at most.
import pg from 'pg';

const [url, schema, session] = process.argv.slice(2);
const client = new pg.Client({ connectionString: url });
await client.connect();
let isDone = false;
process.stdin.on('data', () => (isDone = true));
let longest = 0;
while (!isDone) {
  const start = performance.now();
  await client.query(`update ${schema}.sessions set next_seq = next_seq + 1 where id = $1`, [
    session,
  ]);
  longest = Math.max(longest, performance.now() - start);
  await new Promise((resolve) => setTimeout(resolve, 2));
}
process.stdout.write(String(longest));
await client.end();
process.exit();
