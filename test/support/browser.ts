import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const binary = places.find((place) => existsSync(place));

/** What is missing for tests in a browser; empty if nothing is. */
export const missingBrowser = binary === undefined ? 'chromium' : '';

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: binary ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}
