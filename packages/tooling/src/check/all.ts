import { actionlint } from './actionlint.ts';
import type { Check } from './check.ts';
import { dependencies } from './dependencies.ts';
import { distIsFresh } from './dist.ts';
import { houseRules } from './house-rules.ts';
import { style, systems, types } from './programs.ts';
import { readmesAreFresh } from './readmes.ts';
import { zizmor } from './zizmor.ts';

/** Every check; the longest first, so that two at a time end soonest. */
export const CHECKS: readonly Check[] = [
  distIsFresh,
  zizmor,
  actionlint,
  types,
  style,
  systems,
  readmesAreFresh,
  dependencies,
  houseRules,
];
