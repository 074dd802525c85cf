import { runAction } from '@deploy-actions/core';
import { buildAndPush } from './action.ts';

await runAction(buildAndPush);
