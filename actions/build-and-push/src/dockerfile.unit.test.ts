import { expect, it } from 'vitest';
import { lineOfBase, lineOfInstruction, lineThatKeepsAnArgument, loopbackHosts } from './dockerfile.ts';

const DOCKERFILE = `# syntax
FROM node:20-slim AS build
RUN npm ci && \\
    # why
    npm run build

FROM localhost:5000/nginx
COPY --from=build /app /usr/share/nginx/html
RUN true
RUN true
`;

it('finds the line that an instruction begins on', () => {
  expect(lineOfInstruction(DOCKERFILE, 'RUN npm ci &&     npm run build')).toBe(3);
  expect(lineOfInstruction(DOCKERFILE, 'COPY --from=build /app /usr/share/nginx/html')).toBe(8);
});

it('says nothing where two could be meant, or none', () => {
  expect(lineOfInstruction(DOCKERFILE, 'RUN true')).toBeUndefined();
  expect(lineOfInstruction(DOCKERFILE, 'RUN false')).toBeUndefined();
});

it('finds the line of a base image', () => {
  expect(lineOfBase(DOCKERFILE, 'localhost:5000/nginx')).toBe(7);
  expect(lineOfBase(DOCKERFILE, 'alpine')).toBeUndefined();
});

it('finds registries on this machine', () => {
  expect(loopbackHosts(`${DOCKERFILE}FROM 127.0.0.1:5001/x\nFROM ghcr.io/acme/x`)).toEqual([
    'localhost:5000',
    '127.0.0.1:5001',
  ]);
  expect(loopbackHosts('docker://localhost:24000/node:18')).toEqual(['localhost:24000']);
});

it.each([
  ['FROM a\nARG VERSION\nENV APP=$VERSION', 3],
  ['FROM a\nARG A B=1\nRUN true\nLABEL version="${B}"', 4],
  ['FROM a\nARG VERSION\nRUN echo $VERSION > v', undefined],
  ['FROM a\nARG VERSION\nENV PATH=/app:$PATH', undefined],
  ['FROM a\nENV A=$UNDECLARED', undefined],
])('finds where an argument is kept: %j', (dockerfile, line) => {
  expect(lineThatKeepsAnArgument(dockerfile)).toBe(line);
});
