export { list, pairs, words } from './lines.ts';
export type { FieldOptions } from './make.ts';
export { path, paths } from './paths.ts';
export { boolean, choice, duration, integer, share, size, text } from './scalars.ts';
export { secretList, secretPairs, secretText } from './secrets.ts';
export { secretScalar, secretYaml, yaml } from './yaml.ts';
