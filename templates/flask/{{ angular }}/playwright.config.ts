import { defineConfig } from '@playwright/test';

const { CHROMIUM, CI, E2E_URL = 'http://127.0.0.1:8000' } = process.env;

export default defineConfig({
  testDir: 'e2e',
  timeout: 90_000,
  forbidOnly: Boolean(CI),
  use: {
    baseURL: E2E_URL,
    // The browser of this machine: Chrome, or what CHROMIUM names.
    ...(CHROMIUM
      ? { launchOptions: { executablePath: CHROMIUM, args: ['--no-sandbox'] } }
      : { channel: 'chrome' }),
    trace: 'retain-on-failure',
  },
});
