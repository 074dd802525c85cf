import {
  boolean,
  choice,
  type InputsOf,
  imageInputs,
  list,
  pairs,
  path,
  secretPairs,
  text,
  words,
} from '@deploy-actions/core';
import { ENGINES } from './engines/engine.ts';

/** What action.yml says of the inputs, as types (a contract test keeps the two alike); the names are docker/build-push-action's and metadata-action's. */
export const inputs = {
  images: words({ default: '' }),
  tags: list({ default: 'type=schedule\ntype=ref,event=branch\ntype=ref,event=tag\ntype=ref,event=pr\ntype=sha' }),
  flavor: list({ default: 'latest=auto' }),
  name: text(),
  context: path({ default: '.' }),
  file: path(),
  target: text(),
  'build-args': pairs({ default: '' }),
  'build-contexts': pairs({ default: '' }),
  platforms: words({ default: '' }),
  builder: text(),
  secrets: secretPairs({ default: '' }),
  'secret-envs': pairs({ default: '' }),
  'secret-files': pairs({ default: '' }),
  labels: pairs({ default: '' }),
  annotations: list({ default: '' }),
  push: boolean({ default: 'true' }),
  load: boolean({ default: 'false' }),
  'cache-from': list({ default: '' }),
  'cache-to': list({ default: '' }),
  'no-cache': boolean({ default: 'false' }),
  pull: boolean({ default: 'false' }),
  provenance: text({ default: 'true' }),
  sbom: text({ default: 'false' }),
  engine: choice(ENGINES),
  ...imageInputs,
};

export type Inputs = InputsOf<typeof inputs>;
