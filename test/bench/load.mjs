// Asks an address again and again, from ten connections; prints the requests per second. URL TOKEN SECONDS
import autocannon from 'autocannon';

const [url, token, seconds] = process.argv.slice(2);
const { requests, non2xx, errors } = await autocannon({
  ...{ url, duration: Number(seconds), connections: 10 },
  headers: { authorization: `Bearer ${token}` },
});
if (non2xx + errors > 0) throw new Error(`${non2xx + errors} requests failed.`);
console.log(requests.average);
