import { csvAttributes } from '../csv.ts';

/** What holds for every tag, and when `latest` is given. */
export interface Flavor {
  readonly latest: 'auto' | 'true' | 'false';
  readonly prefix: string;
  /** True: `latest` gets the prefix too. */
  readonly prefixLatest: boolean;
  readonly suffix: string;
  readonly suffixLatest: boolean;
}

/** Reads the lines of `flavor`: `latest=auto`, `prefix=v,onlatest=true`, `suffix=-alpine`. Faults come back as sentences. */
export function parseFlavor(lines: readonly string[]): { readonly flavor: Flavor; readonly faults: readonly string[] } {
  const flavor = {
    latest: 'auto' as Flavor['latest'],
    prefix: '',
    prefixLatest: false,
    suffix: '',
    suffixLatest: false,
  };
  const faults: string[] = [];
  for (const line of lines) {
    const attributes = csvAttributes(line);
    const [key] = attributes.keys();
    const value = attributes.get(key ?? '') ?? '';
    const onLatest = attributes.get('onlatest') === 'true';
    if (key === 'latest' && isLatest(value)) {
      flavor.latest = value;
    } else if (key === 'prefix') {
      flavor.prefix = value;
      flavor.prefixLatest = onLatest;
    } else if (key === 'suffix') {
      flavor.suffix = value;
      flavor.suffixLatest = onLatest;
    } else {
      faults.push(
        `"${line}" is no flavor (accepted: latest=auto|true|false, prefix=TEXT, suffix=TEXT, the last two with ,onlatest=true)`,
      );
    }
  }
  return { flavor, faults };
}

function isLatest(value: string): value is Flavor['latest'] {
  return value === 'auto' || value === 'true' || value === 'false';
}
