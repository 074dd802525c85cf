import { runAction } from '@deploy-actions/core';
import { deployRollout } from './action.ts';

await runAction(deployRollout);
