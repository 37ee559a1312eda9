import { chromium, type Browser } from 'playwright-core';
import { findProgram } from './find-program.ts';

const binary = findProgram('chromium', 'chromium-browser', 'google-chrome');

/** What is missing for tests in a browser; empty if nothing is. */
export const missingBrowser = binary === undefined ? 'chromium' : '';

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: binary ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}
