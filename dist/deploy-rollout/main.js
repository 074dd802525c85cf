import { start } from '../index.js';
await start('deploy-rollout/main');
