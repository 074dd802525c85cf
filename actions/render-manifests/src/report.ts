import type { Conclusion } from '@deploy-actions/core';
import type { Plan } from './plan.ts';

/** Outputs, summary and the target's entry of the report. */
export function report(plan: Plan): Conclusion {
  const { path, hash, images, objects, target, namespace } = plan;
  return {
    outcome: 'succeeded',
    outputs: { manifests: path, manifestsBundle: path, hash, images: images.join('\n') },
    summary: [
      `${objects.length} objects in \`${path}\`: ${objects.join(', ')}`,
      '',
      ...images.map((image) => `- \`${image}\``),
    ].join('\n'),
    report: { targets: { [target]: { manifests: path, hash, ...(namespace === undefined ? {} : { namespace }) } } },
  };
}
