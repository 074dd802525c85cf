/** What the process is told by its environment. */
export interface Settings {
  readonly port: number;
  /** The commit the image was built from; `dev` outside of an image. */
  readonly version: string;
  /** The namespace whose pods are listed when a request names none. */
  readonly namespace: string;
  /** The origin that a browser may call from; undefined where both share one (behind the Ingress). */
  readonly allowedOrigin: string | undefined;
  /** Which optional parts have what they need. The values themselves stay in the environment. */
  readonly features: Readonly<Record<'summary' | 'email', boolean>>;
  /** How long answers still go out, each closing its connection, after the order to stop. */
  readonly drainMs: number;
}

/** Reads the settings from `env`, for a build of `version`; throws where a value makes no sense. */
export function readSettings(env: NodeJS.ProcessEnv, version = 'dev'): Settings {
  return {
    port: wholeNumber(env, 'PORT', 5001, 65535),
    version,
    namespace: env.K8S_NAMESPACE || 'default',
    allowedOrigin: env.ALLOWED_ORIGIN || undefined,
    features: { summary: Boolean(env.GEMINI_API_KEY), email: Boolean(env.EMAIL_APP_URL) },
    drainMs: wholeNumber(env, 'DRAIN_MS', 3000, 60_000),
  };
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, usual: number, most: number): number {
  const text = env[name];
  if (!text) return usual;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new Error(`${name} is "${text}"; give a whole number from 1 to ${most}`);
  }
  return value;
}
