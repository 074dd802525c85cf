import type { Happening } from './engine/log.ts';
import type { Screen } from './screen.ts';

/** Tells a run as it happens: each step that the workflow's author gave a name to. */
export function narrate(screen: Screen): (happening: Happening) => void {
  return (happening) => {
    if (happening.kind !== 'step-ended') return;
    const { step } = happening;
    // Without a name of its own a step is called by what it uses: of no interest here.
    if (step.name.includes('@') || step.result === 'skipped') return;
    const title = `${part(happening.job)}: ${step.name.toLowerCase()}`;
    if (step.result === 'success') screen.done(title, step.seconds);
    else screen.failed(title, step.seconds, step.outputs.reason ?? 'failed');
  };
}

/** `deploy/Check backend-1` → `check backend`. */
function part(job: string): string {
  return job
    .slice(job.indexOf('/') + 1)
    .replace(/-\d+$/, '')
    .toLowerCase();
}
