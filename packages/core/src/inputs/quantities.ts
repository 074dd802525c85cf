import { QUANTITY_SUFFIXES } from '../quantity-suffixes.ts';
import type { Parsed } from './field.ts';
import { fault, ok } from './make.ts';

const UNITS_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
const ACCEPTED_DURATION = 'for example 5m30s, 250ms, 30d or 0; units d, h, m, s, ms';

/**
 * `1h30m`, `5m30s`, `250ms`, `1.5h`, `30d` in milliseconds; units once each, the largest first.
 * A bare number other than 0 is refused: seconds to some tools, milliseconds to others.
 */
export function parseDuration(text: string): Parsed<number> {
  const written = text.trim();
  if (written === '0') return ok(0);
  const bare = /^\d+(\.\d+)?$/.test(written);
  if (bare) return fault(`\`${written}\` has no unit`, ACCEPTED_DURATION);
  const match =
    /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(
      written,
    );
  if (match === null || written === '') return fault(`\`${written}\` is no duration`, ACCEPTED_DURATION);
  const total = Object.values(UNITS_MS).reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit, 0);
  return Number.isSafeInteger(Math.round(total))
    ? ok(Math.round(total))
    : fault(`\`${written}\` is too long`, ACCEPTED_DURATION);
}

const ACCEPTED_SIZE = 'for example 512Mi, 10G or 1073741824; suffixes k M G T P E and Ki Mi Gi Ti Pi Ei';

/**
 * A size as a Kubernetes quantity (kubernetes.io, "Quantity"): `512Mi`, `10G`, `1.5Gi`, `2e9`, in bytes, rounded up as there.
 * `m` is refused though a quantity may carry it: it means thousandths, and whoever writes it for bytes means mega.
 */
export function parseSize(text: string): Parsed<number> {
  const written = text.trim();
  const match = /^(\d+(?:\.\d*)?|\.\d+)(?:[eE](\d{1,2})|([kMGTPE]|[KMGTPE]i))?$/.exec(written);
  if (match === null) {
    const thousandths = /^[\d.]+m$/.test(written) ? ' (`m` is thousandths in Kubernetes; write `M` or `Mi`)' : '';
    return fault(`\`${written}\` is no size${thousandths}`, ACCEPTED_SIZE);
  }
  const factor = match[2] === undefined ? (QUANTITY_SUFFIXES[match[3] ?? ''] ?? 1) : 10 ** Number(match[2]);
  const bytes = Math.ceil(Number(match[1]) * factor);
  return Number.isSafeInteger(bytes) ? ok(bytes) : fault(`\`${written}\` is too large`, 'at most 8Pi');
}

/** `5%` as 0.05; 0 to 100 percent. */
export function parseShare(text: string): Parsed<number> {
  const written = text.trim();
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(written);
  const percent = Number(match?.[1]);
  return match === null || percent > 100
    ? fault(`\`${written}\` is no share`, '0% to 100%, for example 5%')
    : ok(percent / 100);
}
