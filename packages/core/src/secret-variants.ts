/**
 * The forms in which a secret turns up in other texts: raw, each of its lines, URL-escaped, JSON-escaped (also by Go, and JSON in JSON),
 * and base64 with its two alphabets: whole, or anywhere inside a longer text that was encoded.
 * Forms shorter than `shortest` characters are left out, since they would be found everywhere.
 */
export function variantsOf(secret: string, shortest: number): ReadonlySet<string> {
  const value = secret.toWellFormed();
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  const secretLines = isKubeconfig(lines) ? lines.filter((line) => !PUBLIC_IN_KUBECONFIG.test(line)) : lines;
  const texts = lines.length > 1 ? [secret, value, ...secretLines] : [secret, value];
  const forms = [...texts, ...texts.flatMap(jsonForms), ...urlForms(value), ...base64Forms(value)];
  return new Set(forms.filter((form) => form.length >= shortest));
}

function isKubeconfig(lines: readonly string[]): boolean {
  return lines.includes('kind: Config') && lines.includes('clusters:');
}

/** Names and structure; hiding `name: shop` or `kind: Config` would blot every manifest that is shown. */
const PUBLIC_IN_KUBECONFIG =
  /^(- )?(apiVersion|kind|clusters|contexts|users|preferences|current-context|name|cluster|context|user|namespace): *([\w.:/@-]*|\{\})$/;

function jsonForms(text: string): readonly string[] {
  const once = JSON.stringify(text).slice(1, -1);
  // Go's encoding/json, and so every Kubernetes program, escapes these three and the two line separators.
  const byGo = once.replace(/[<>&\u2028\u2029]/g, (character) => unicodeEscape(character));
  const ascii = once.replace(/[\u007f-\uffff]/g, (character) => unicodeEscape(character));
  return [once, byGo, ascii, JSON.stringify(once).slice(1, -1), JSON.stringify(byGo).slice(1, -1)];
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function urlForms(text: string): readonly string[] {
  const component = encodeURIComponent(text);
  // RFC 3986 reserves these five too, which encodeURIComponent leaves.
  const strict = component.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  return [component, strict, form, encodeURI(text)].flatMap((escaped) => [
    escaped,
    escaped.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ]);
}

/** Whole, and for each of the three places that a group of 3 bytes can begin at: the digits that depend on the secret alone. */
function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'utf8');
  const inside = [0, 1, 2].map((before) => {
    const digits = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor(((before + bytes.length) * 8) / 6);
    return digits.slice(first, last);
  });
  return [bytes.toString('base64').replace(/=+$/, ''), ...inside].flatMap((digits) => [
    digits,
    digits.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
}
