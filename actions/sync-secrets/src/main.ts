import { runAction } from '@deploy-actions/core';
import { syncSecrets } from './action.ts';

await runAction(syncSecrets);
