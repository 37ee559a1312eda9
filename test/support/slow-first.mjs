import { statSync } from 'node:fs';

/** The longest first, and then those that start processes, so that no core is idle at the end. */
const slow = [
  /[.]slow[.]test/,
  // Small files, which run a whole contract or property.
  /[/](open-(sqlite|postgres)-store|store-care|long-conversation|export-import|from-[^/]*-events|flipped-bits)[.]test/,
  /[/](faults|house|e2e|storage-postgres)[/]/,
];

/** The order in which jest runs the files; its own one goes by sizes where it has never run them. */
export default class SlowFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const index = slow.findIndex((pattern) => pattern.test(path));
      return index === -1 ? slow.length : index;
    };
    const size = ({ path }) => statSync(path).size;
    return [...tests].sort((a, b) => rank(a) - rank(b) || size(b) - size(a));
  }

  shard(tests, { shardIndex, shardCount }) {
    return tests.filter((_, index) => index % shardCount === shardIndex - 1);
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {
    // Nothing of an earlier run decides.
  }
}
