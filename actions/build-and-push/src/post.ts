import { runPost } from '@deploy-actions/core';
import { buildAndPush } from './action.ts';

await runPost(buildAndPush);
