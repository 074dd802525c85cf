import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';

describe('readSettings', () => {
  it('needs nothing', () => {
    expect(readSettings({})).toEqual({
      port: 5001,
      version: 'dev',
      namespace: 'default',
      allowedOrigin: undefined,
      features: { summary: false, email: false },
      drainMs: 3000,
    });
  });

  it('says which features have their secret, and not the secret', () => {
    const settings = readSettings({ GEMINI_API_KEY: 'k-123', EMAIL_APP_URL: '' });
    expect(settings.features).toEqual({ summary: true, email: false });
    expect(JSON.stringify(settings)).not.toContain('k-123');
  });

  it.each(['0', '70000', '5001.5', 'http'])('refuses PORT=%s', (PORT) => {
    expect(() => readSettings({ PORT })).toThrow(`PORT is "${PORT}"`);
  });
});
