// Another process that wants to write now and then, and says how long it had to wait at most.
import sqlite3 from 'sqlite3';

const database = new sqlite3.Database(process.argv[2]);
const run = (sql) =>
  new Promise((resolve, reject) => {
    database.exec(sql, (error) => (error ? reject(error) : resolve()));
  });
let isDone = false;
process.stdin.on('data', () => (isDone = true));
await run('pragma busy_timeout = 10000');
let longest = 0;
while (!isDone) {
  const start = performance.now();
  await run('begin immediate');
  longest = Math.max(longest, performance.now() - start);
  await run('commit');
  await new Promise((resolve) => setTimeout(resolve, 2));
}
process.stdout.write(String(longest));
process.exit();
