import { start } from '../index.js';
await start('sync-secrets/main');
