export type { Action, Conclusion } from './action.ts';
export type { Context, Runner } from './context.ts';
export { type Deadline, sleep, within } from './deadline.ts';
export {
  ActionError,
  CancelledError,
  CommandError,
  DeadlineError,
  type ErrorDetails,
  HttpError,
  InputError,
  type InputFault,
  type Place,
} from './errors.ts';
export type { Evidence } from './evidence.ts';
export {
  createHttp,
  type HttpAnswer,
  type HttpGateway,
  type HttpRequest,
  type PeerCertificate,
} from './http.ts';
export type { Field, FieldSurroundings, Fields, InputsOf, Parsed } from './inputs/field.ts';
export * from './inputs/kinds.ts';
export { parseInputs } from './inputs/parse.ts';
export { insideWorkspace } from './inputs/paths.ts';
export { clusterInputs, commonInputs, imageInputs } from './inputs/shared.ts';
export { createLog, type Log } from './log.ts';
export { lookup } from './lookup.ts';
export { networkFault } from './network-faults.ts';
export type { Outcome } from './outcome.ts';
export { createPrograms, type ProgramOptions, type ProgramResult, type Programs } from './programs.ts';
export { type Proxies, proxiesOf } from './proxies.ts';
export { QUANTITY_SUFFIXES } from './quantity-suffixes.ts';
export type { ReasonCode } from './reasons.ts';
export { createRedactor, type Redactor } from './redact.ts';
export { EMPTY_REPORT } from './report/merge.ts';
export type { ReleaseReport, ReportImage, ReportPatch, ReportStep, ReportTarget } from './report/schema.ts';
export { type RetryOptions, retry } from './retry.ts';
export { runAction } from './run-action.ts';
export { runPost } from './run-post.ts';
export { Secret } from './secret.ts';
export { installTool, type PinnedTool, type ToolDownload } from './tools.ts';
export { asMarkdown, fenced } from './verdict.ts';
