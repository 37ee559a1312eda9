import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The licences of all bundled packages, because most of them must accompany copies. */
export function thirdPartyLicences(root, inputs) {
  const folders = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[0] ?? []));
  const notices = [...folders].map((folder) => {
    const read = (name) => readFileSync(join(root, folder, name), 'utf8');
    const { name, version, license } = JSON.parse(read('package.json'));
    const files = readdirSync(join(root, folder));
    const texts = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
    return { title: `${name} ${version} (${license ?? 'see below'})`, texts: texts.map(read) };
  });
  return notices
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, texts }) => [title, '='.repeat(title.length), ...texts].join('\n\n'))
    .join('\n\n\n');
}
