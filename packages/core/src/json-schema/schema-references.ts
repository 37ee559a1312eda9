import { isJsonObject, type JsonObject, type JsonValue } from '../session/json-value.ts';
import { ownValue } from './schema-parts.ts';

/** Finds the targets of a schema's references, and gives each target a name in `$defs`. */
export class SchemaReferences {
  readonly #root: JsonObject;
  readonly #names = new Map<JsonObject, string>();
  readonly #taken = new Set<string>();
  #marked: Map<string, JsonObject> | undefined;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** Undefined if the reference has no target, leads out of the schema, or is part of a circle. */
  find(reference: string): JsonObject | boolean | undefined {
    const seen = new Set<JsonObject>();
    const first = this.#resolve(reference);
    for (let next = first; isJsonObject(next) && typeof next.$ref === 'string';) {
      if (seen.has(next)) return undefined;
      seen.add(next);
      next = this.#resolve(next.$ref);
    }
    return first;
  }

  nameOf(target: JsonObject, reference: string): string {
    const known = this.#names.get(target);
    if (known !== undefined) return known;
    const last = reference.split(/[#/]/).at(-1) ?? '';
    const wanted = last.replaceAll(/[^\w.-]/g, '_').slice(0, 60) || 'root';
    let name = wanted;
    for (let count = 2; this.#taken.has(name); count++) name = `${wanted}_${count}`;
    this.#taken.add(name);
    this.#names.set(target, name);
    return name;
  }

  /** The named targets; targets that are named during the iteration follow. */
  named(): IterableIterator<[JsonObject, string]> {
    return this.#names.entries();
  }

  #resolve(reference: string): JsonObject | boolean | undefined {
    const [base = '', fragment = ''] = reference.split('#', 2);
    const start = base === '' ? this.#root : this.#byMark(base);
    const isPointer = fragment === '' || fragment.startsWith('/');
    const found = isPointer ? follow(start, fragment) : this.#byMark(`#${fragment}`);
    return isJsonObject(found) || typeof found === 'boolean' ? found : undefined;
  }

  #byMark(mark: string): JsonObject | undefined {
    this.#marked ??= new Map(marksIn(this.#root));
    return this.#marked.get(mark);
  }
}

function follow(start: JsonObject | undefined, pointer: string): JsonValue | undefined {
  let place: JsonValue | undefined = start;
  for (const part of pointer.split('/').slice(1)) {
    const key = decode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(place)) place = place[Number(key)];
    else place = isJsonObject(place) ? ownValue(place, key) : undefined;
  }
  return place;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Ids and anchors; before 2019 an id that begins with `#` was an anchor. */
function* marksIn(value: JsonValue): Generator<[string, JsonObject]> {
  if (typeof value !== 'object' || value === null) return;
  if (isJsonObject(value)) {
    const { $id, id, $anchor, $dynamicAnchor } = value;
    for (const mark of [$id, id])
      if (typeof mark === 'string') yield [mark.replace(/#$/, ''), value];
    for (const mark of [$anchor, $dynamicAnchor]) {
      if (typeof mark === 'string') yield [`#${mark}`, value];
    }
  }
  for (const item of Object.values(value)) yield* marksIn(item);
}
