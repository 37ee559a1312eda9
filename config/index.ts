export { checkDocument } from './check-document.ts';
export { editDocument, UneditableError, type Edit } from './edit-document.ts';
export { exampleToml } from './example-toml.ts';
export { findLeaf, parseKey } from './find-leaf.ts';
export { locateKey } from './locate-key.ts';
export { readDocument, type Document } from './read-document.ts';
export {
  defaultSettings,
  loadSettings,
  leavesOf,
  type LoadedSettings,
  type Origin,
} from './load-settings.ts';
export { InvalidSettingsError, type Problem } from './problem.ts';
export { expandHome } from './expand.ts';
export { findPlaces, type Places } from './places.ts';
export { isTableOf, type Group, type Leaf } from './leaf.ts';
export { nearest } from './nearest.ts';
export { schema, type Settings } from './schema.ts';
export { type ModelSettings, type ProviderSettings } from './table-entries.ts';
