import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { openProviderDouble, type ProviderDouble } from './provider-double.ts';
import { SynapseHome } from './run-synapse.ts';
import { setUpDouble } from './scripted-openai.ts';

const SETTINGS = '[session]\ngenerate_titles = false';

interface PageOptions {
  isSignedIn?: boolean;
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
}

/** A real server with the page, a scripted provider behind it, and a browser in front. */
export class WebTestbed {
  readonly home: SynapseHome;
  readonly double: ProviderDouble;
  readonly browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  readonly #environment: Record<string, string>;
  #server: ChildProcess | undefined;
  url = '';
  token = '';
  /** What pages wrote to their consoles that is an error or a violated policy. */
  readonly complaints: string[] = [];

  private constructor(
    parts: { home: SynapseHome; double: ProviderDouble; browser: Browser },
    options: { environment?: Record<string, string> },
  ) {
    this.home = parts.home;
    this.double = parts.double;
    this.browser = parts.browser;
    this.#environment = options.environment ?? {};
  }

  static async open(
    options: { settings?: string; environment?: Record<string, string> } = {},
  ): Promise<WebTestbed> {
    const home = new SynapseHome();
    const double = await openProviderDouble();
    setUpDouble(home, double, `${SETTINGS}\n${options.settings ?? ''}`);
    const bed = new WebTestbed({ home, double, browser: await openBrowser() }, options);
    await bed.startServer();
    const scopes = ['read', 'write', 'tools', 'admin'].flatMap((scope) => ['--scope', scope]);
    const { environment } = options;
    const created = await home.run(['serve', 'tokens', 'create', 'test', ...scopes], {
      ...(environment && { environment }),
    });
    bed.token = created.stdout.trim();
    return bed;
  }

  /** Starts the server, again on its old port if it had one. */
  async startServer(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const server = this.home.start(['serve', '--port', port, '--json'], {
      environment: this.#environment,
    });
    this.#server = server;
    const lines = createInterface({ input: server.stdout! })[Symbol.asyncIterator]();
    const { value } = (await lines.next()) as { value: string | undefined };
    if (value === undefined) throw new Error('The server did not start.');
    ({ url: this.url } = JSON.parse(value) as { url: string });
  }

  async killServer(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  /** A browser of its own, with its own storage, signed in unless it should not be. */
  async openPage({
    isSignedIn = true,
    width = 1280,
    height = 800,
    colorScheme = 'light',
  }: PageOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width, height }, colorScheme });
    this.#contexts.push(context);
    const page = await context.newPage();
    this.listen(page);
    await page.goto(isSignedIn ? `${this.url}/#token=${this.token}` : this.url);
    if (isSignedIn) await page.getByLabel('Your question').waitFor();
    return page;
  }

  /** As a person does it, with the keyboard. */
  async askFrom(page: Page, text: string): Promise<void> {
    await page.getByLabel('Your question').fill(text);
    await page.keyboard.press('Enter');
  }

  listen(page: Page): void {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      const text = message.text();
      if (/Content Security Policy|TrustedHTML|TrustedScript/.test(text))
        this.complaints.push(text);
    });
  }

  async ask<T>(path: string, content?: object): Promise<T> {
    const reply = await fetch(this.url + path, {
      method: content ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(content && { body: JSON.stringify(content) }),
    });
    return (await reply.json()) as T;
  }

  async close(): Promise<void> {
    for (const context of this.#contexts) await context.close();
    await this.browser.close();
    await this.killServer();
    await this.double.close();
    this.home.remove();
  }
}
