export { countChanges, showPatch } from './show-patch.ts';
