export { openProfileSource } from './profile-source.ts';
