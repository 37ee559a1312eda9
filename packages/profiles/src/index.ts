export { openProfileSource } from './profile-source.ts';
export type { ProfileFolders } from './profile-folders.ts';
