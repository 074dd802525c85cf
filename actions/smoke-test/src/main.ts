import { runAction } from '@deploy-actions/core';
import { smokeTest } from './action.ts';

await runAction(smokeTest);
