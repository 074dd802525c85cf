import { runAction } from '@deploy-actions/core';
import { renderManifests } from './action.ts';

await runAction(renderManifests);
