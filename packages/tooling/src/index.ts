export { differences } from './check/dist.ts';
export { aliasesOf, withTables } from './docs/tables.ts';
export { assembleRelease } from './release/assemble.ts';
export { releaseFaults } from './release/inspect.ts';
export { type ActionFolder, findActions, ROOT } from './repository.ts';
