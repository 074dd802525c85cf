import { start } from '../index.js';
await start('build-and-push/post');
