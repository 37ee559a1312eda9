export { loadSettings, leavesOf, type LoadedSettings, type Origin } from './load-settings.ts';
export { InvalidSettingsError, type Problem } from './problem.ts';
export { expandHome } from './expand.ts';
export { findPlaces, type Places } from './places.ts';
export { isTableOf, type Group, type Leaf } from './leaf.ts';
export { nearest } from './nearest.ts';
export { schema, type PriceSettings, type ProviderSettings, type Settings } from './schema.ts';
