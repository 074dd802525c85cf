import { styleText } from 'node:util';
import { expect, it } from 'vitest';
import { picture } from './picture.ts';

const colour = (style: 'green' | 'bold', text: string) => styleText(style, text, { validateStream: false });

it('draws what the terminal showed, in its colours, as well-formed XML', () => {
  const svg = picture('script/demo', ['', ` ${colour('green', '✓')} a < b & c`, colour('bold', 'end')]);
  expect(svg).toContain('$ script/demo');
  expect(svg).toContain(' <tspan class="good">✓</tspan> a &lt; b &amp; c');
  expect(svg).toContain('<tspan class="bold">end</tspan>');
  expect(svg.match(/<text /g)).toHaveLength(3);
});

it('is readable on a light and on a dark page', () => {
  expect(picture('x', ['y'])).toContain('@media (prefers-color-scheme: dark)');
});
