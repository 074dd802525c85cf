import type { Conclusion, ReportImage } from '@deploy-actions/core';
import type { Result } from './apply.ts';
import type { Plan } from './plan.ts';

/** Outputs, summary and the report's entries: one a repository, the first being the one deployed. */
export function report(result: Result, plan: Plan): Conclusion {
  const { built, stored } = result;
  const [first] = plan.build.references;
  const deployed = stored[first?.repository ?? ''];
  const digest = deployed?.digest ?? built.digest;
  const tags = plan.build.references.map((reference) => `${reference.repository}:${reference.tag}`);
  return {
    outcome: 'succeeded',
    outputs: {
      digest: digest ?? '',
      imageid: deployed?.imageId ?? built.imageId ?? '',
      metadata: JSON.stringify(built.metadata),
      tags: tags.join('\n'),
      version: plan.version,
      labels: Object.entries(plan.build.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join('\n'),
      'image-ref': first === undefined || deployed === undefined ? '' : `${first.repository}@${deployed.digest}`,
    },
    summary: summary(result, plan),
    report: { images: Object.fromEntries(entries(result, plan)) },
  };
}

/** Only what was pushed is reported: nothing else can be deployed. The `name` of the manifests belongs to the first image. */
function entries({ stored }: Result, plan: Plan): readonly (readonly [string, ReportImage])[] {
  return Object.entries(stored).map(([repository, image]) => {
    const tags = plan.build.references
      .filter((reference) => reference.repository === repository)
      .map((reference) => reference.tag ?? 'latest');
    const named =
      plan.name !== undefined && repository === plan.build.references[0]?.repository ? { name: plan.name } : {};
    return [
      repository,
      { digest: image.digest, platforms: { ...image.platforms }, version: plan.version, tags, ...named },
    ];
  });
}

function summary({ built, stored }: Result, plan: Plan): string {
  const rows = Object.entries(stored).map(
    ([repository, image]) => `| \`${repository}\` | \`${image.digest}\` | ${Object.keys(image.platforms).join(', ')} |`,
  );
  const where =
    rows.length === 0
      ? [`Built \`${built.imageId ?? built.digest ?? ''}\`, not pushed.`]
      : ['| image | digest | platforms |', '|---|---|---|', ...rows];
  return [
    ...where,
    '',
    `Tags: ${plan.build.references.map((reference) => `\`${reference.repository}:${reference.tag}\``).join(', ')}`,
  ].join('\n');
}
