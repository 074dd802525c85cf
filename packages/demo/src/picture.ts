import { stripVTControlCharacters } from 'node:util';

const LINE_HEIGHT = 18;
const CHARACTER_WIDTH = 7.85;
const MARGIN = 20;
const BAR = 34;

/** SGR codes of `styleText` and the class that stands for each; anything else ends a span. */
const CLASSES: Readonly<Record<string, string>> = { 1: 'bold', 2: 'dim', 31: 'bad', 32: 'good', 33: 'odd' };

/** Readable on GitHub's light and dark pages alike: the terminal brings its own ground, a shade for each. */
const STYLE = `
  .ground { fill: #f6f8fa; stroke: #d0d7de } .title, .dim { fill: #57606a } text { fill: #1f2328; white-space: pre }
  .good { fill: #1a7f37 } .bad { fill: #cf222e } .odd { fill: #9a6700 } .bold { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #161b22; stroke: #30363d } .title, .dim { fill: #8b949e } text { fill: #e6edf3 }
    .good { fill: #3fb950 } .bad { fill: #ff7b72 } .odd { fill: #d29922 }
  }`;

/**
 * Draws what a terminal showed as an SVG.
 * @param title what was typed.
 * @param transcript lines with the colours that `styleText` gave them.
 */
export function picture(title: string, transcript: readonly string[]): string {
  // What only says that something has begun is of use while one waits.
  const told = transcript.filter((line) => !stripVTControlCharacters(line).trimStart().startsWith('…'));
  const lines = told.slice(told.findIndex((line) => line !== ''));
  const widest = Math.max(...lines.map((line) => stripVTControlCharacters(line).length), 60);
  const width = Math.ceil(widest * CHARACTER_WIDTH + 2 * MARGIN);
  const height = BAR + lines.length * LINE_HEIGHT + MARGIN;
  const rows = lines.map(
    (line, index) => `  <text x="${MARGIN}" y="${BAR + (index + 1) * LINE_HEIGHT}">${spans(line)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"
  font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
  <style>${STYLE}
  </style>
  <rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
  <text class="title" x="${MARGIN}" y="23">$ ${escapeXml(title)}</text>
${rows.join('\n')}
</svg>
`;
}

/** A line's pieces, each in the colour that holds where it begins. */
function spans(line: string): string {
  let style: string | undefined;
  // Codes and text alternate, and the text comes first.
  return line
    .split(new RegExp(`${ESCAPE}\\[(\\d+)m`))
    .map((piece, index) => {
      if (index % 2 === 1) {
        style = CLASSES[piece];
        return '';
      }
      if (piece === '') return '';
      const text = escapeXml(piece);
      return style === undefined ? text : `<tspan class="${style}">${text}</tspan>`;
    })
    .join('');
}

const ESCAPE = String.fromCharCode(27);

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
