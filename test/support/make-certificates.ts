import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority of its own and what it vouches for: a server named localhost. By openssl. */
export function makeCertificates(folder: string) {
  const [caKey, ca] = [join(folder, 'ca.key'), join(folder, 'ca.crt')];
  const [key, request, cert] = ['key', 'csr', 'crt'].map((end) => join(folder, `server.${end}`));
  const extensions = join(folder, 'extensions');
  writeFileSync(extensions, 'subjectAltName=DNS:localhost\n');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', caKey, '-out', ca, '-subj', '/CN=test authority');
  openssl('req', ...newKey, '-keyout', key!, '-out', request!, '-subj', '/CN=localhost');
  const signed = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-extfile', extensions];
  openssl('x509', '-req', '-in', request!, ...signed, '-out', cert!, '-days', '2');
  return { ca, tls: { cert: readFileSync(cert!, 'utf8'), key: readFileSync(key!, 'utf8') } };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
