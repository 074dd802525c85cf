import { start } from '../index.js';
await start('render-manifests/main');
