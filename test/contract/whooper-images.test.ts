import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

// What Whooper's own document says of its images, its nginx and its compose file. That they build is the end-to-end test's part.
const text = (path: string): string => readFileSync(new URL(`../../examples/whooper/${path}`, import.meta.url), 'utf8');

describe('the images', () => {
  const stagesOf = (path: string): string[] =>
    text(path)
      .split(/^(?=FROM )/m)
      .slice(1);
  const [backendBuild = '', backend = '', ...moreBackend] = stagesOf('backend/Dockerfile');
  const [frontendBuild = '', frontend = '', ...moreFrontend] = stagesOf('Dockerfile');

  it('are built in two stages', () => {
    expect([moreBackend, moreFrontend]).toEqual([[], []]);
    expect(backendBuild).toMatch(/^RUN npm run build/m);
    expect(frontendBuild).toMatch(/^RUN npm run build/m);
    expect(parse(text('package.json'))).toMatchObject({ scripts: { build: expect.stringContaining('vite build') } });
  });

  it('hold only what was built and production dependencies', () => {
    expect(backendBuild).toMatch(/npm prune --omit=dev/);
    for (const stage of [backend, frontend]) {
      expect(stage).not.toMatch(/^RUN |^COPY (?!--from=build|package\.json|nginx\.conf)/m);
    }
    expect(frontend).toMatch(/^FROM nginx:/);
  });

  it('expose 5001 and 80, as a user that is not root', () => {
    expect(backend).toMatch(/^EXPOSE 5001$/m);
    expect(frontend).toMatch(/^EXPOSE 80$/m);
    for (const stage of [backend, frontend]) expect(stage).toMatch(/^USER [1-9]\d*$/m);
  });

  it('check their own health', () => {
    expect(backend).toMatch(/^HEALTHCHECK [\s\S]*"node"[\s\S]*:5001\/api\/health/m);
    expect(frontend).toMatch(/^HEALTHCHECK .*\/health"/m);
  });

  it('are built without tests, modules, environment files, and the page without the backend', () => {
    expect(text('backend/.dockerignore').split('\n')).toEqual(
      expect.arrayContaining(['node_modules', '**/*.test.ts', '.env*']),
    );
    const [first, ...rest] = text('.dockerignore').trim().split('\n');
    expect(first).toBe('*');
    const letIn = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(
      letIn.filter((path) => /^(backend|docs|k8s|environments|node_modules|\.env|docker-compose)/.test(path)),
    ).toEqual([]);
  });

  it('hold no secret: no build argument or variable carries one', () => {
    const declared = [
      ...text('Dockerfile').matchAll(/^(?:ARG|ENV) (\w+)/gm),
      ...text('backend/Dockerfile').matchAll(/^(?:ARG|ENV) (\w+)/gm),
    ];
    expect(declared.map(([, name]) => name)).toEqual(['VITE_BACKEND_URL', 'APP_VERSION', 'NODE_ENV']);
  });
});

describe('nginx', () => {
  const configuration = text('nginx.conf');

  it('answers every path of the page with the page, and /health', () => {
    expect(configuration).toMatch(/location \/ \{\s*try_files \$uri \/index\.html;/);
    expect(configuration).toMatch(/location = \/health \{[^}]*return 200/);
  });

  it('compresses, and lets browsers keep what is named by its content', () => {
    expect(configuration).toMatch(/^\s*gzip on;/m);
    expect(configuration).toMatch(/~\^\/assets\/ "public, max-age=\d{8}, immutable"/);
  });

  it('sends the security headers with every answer', () => {
    for (const header of ['X-Content-Type-Options nosniff', 'X-Frame-Options DENY', 'Referrer-Policy']) {
      expect(configuration).toMatch(new RegExp(`add_header ${header}.* always;`));
    }
    // A location's own add_header would drop all of them.
    expect(configuration.match(/location[^{]*\{[^}]*add_header/)).toBeNull();
  });
});

describe('compose', () => {
  const compose: unknown = parse(text('docker-compose.yml'));

  it('runs the two services in one network, the page after the backend', () => {
    expect(compose).toMatchObject({
      services: {
        backend: { build: 'backend', networks: ['whooper-network'], ports: ['5001:5001'] },
        frontend: {
          networks: ['whooper-network'],
          ports: ['80:80'],
          depends_on: { backend: { condition: 'service_healthy' } },
        },
      },
      networks: { 'whooper-network': {} },
    });
    expect(Object.keys((compose as { services: object }).services)).toEqual(['backend', 'frontend']);
  });

  it('checks the health of both and starts them again', () => {
    const service = { healthcheck: { test: expect.arrayContaining(['CMD']) }, restart: 'unless-stopped' };
    expect(compose).toMatchObject({ services: { backend: service, frontend: service } });
  });

  it('takes configuration from the environment and the way into the cluster from a mount', () => {
    expect(compose).toMatchObject({
      services: {
        backend: {
          environment: { PORT: 5001, GEMINI_API_KEY: expect.stringMatching(/^\$\{GEMINI_API_KEY/) },
          volumes: [expect.stringMatching(/:ro$/)],
        },
        frontend: { build: { args: { VITE_BACKEND_URL: 'http://localhost:5001' } } },
      },
    });
  });
});
