// The browser: one Chromium, and for each actor a profile of its own that records what went wrong in it.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { ARTEFACTS } from '../harness/service.mjs';

export const SCREENS = join(ARTEFACTS, 'screens');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };

/** Opens and closes profiles; asks each, when the test is over, whether its pages behaved. */
export class Stage {
  #browser;
  #profiles = [];
  #origins;

  static async open(origins) {
    mkdirSync(SCREENS, { recursive: true });
    const stage = new Stage();
    stage.#origins = origins;
    stage.#browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      headless: true,
      args: FLAGS,
    });
    return stage;
  }

  /**
   * A person's browser, empty. Whatever it asks of an origin that is not part of the demo is a failure of the test.
   * A `kept` one stays open from test to test, for a family that lives through a whole group.
   */
  async profile({ viewport = PHONE, scripts = true, dark = false, language = 'zh-CN', kept = false } = {}) {
    const context = await this.#browser.newContext({
      viewport,
      javaScriptEnabled: scripts,
      colorScheme: dark ? 'dark' : 'light',
      locale: language,
      reducedMotion: 'reduce',
      isMobile: viewport.width < 600,
      hasTouch: viewport.width < 600,
    });
    context.setDefaultTimeout(10_000);
    await context.addInitScript(AXE);
    const profile = new Profile(context, this.#origins, kept);
    this.#profiles.push(profile);
    return profile;
  }

  /** Closes every profile; throws what their pages did wrong. On failure of the test, keeps a picture of each page. */
  async clear(testName, failed) {
    const faults = [];
    for (const [number, profile] of this.#profiles.splice(0).entries()) {
      if (failed) await profile.photograph(`failed-${slug(testName)}-${number}`);
      faults.push(...profile.faults.splice(0));
      if (profile.kept) this.#profiles.push(profile);
      else await profile.context.close();
    }
    if (!failed && faults.length) throw new Error(`the pages misbehaved:\n${[...new Set(faults)].join('\n')}`);
  }

  async close() {
    await this.#browser.close();
  }
}

/** One browser profile: a context, its faults so far, and the faults a test expects. */
class Profile {
  faults = [];
  #expected = [];
  #origins;

  constructor(context, origins, kept) {
    this.context = context;
    this.kept = kept;
    this.#origins = origins;
    context.on('page', (page) => this.#watch(page));
    context.on('request', (request) => this.#outside(request));
  }

  async page() {
    return this.context.newPage();
  }

  /** Sets how the pages look (`{ mode: 'elder' }`), as the form of the settings page does. */
  async wears(issuer, display) {
    const answer = await this.context.request.post(`${issuer}/settings`, {
      headers: { origin: issuer },
      form: { ...display, return_to: '/' },
      maxRedirects: 0,
    });
    if (answer.status() !== 303) throw new Error(`POST /settings answered ${answer.status()}`);
  }

  /** Console errors matching `pattern` are part of this test, e.g. the 403 of a wrong 口令. */
  expects(pattern) {
    this.#expected.push(pattern);
  }

  async photograph(name) {
    for (const [place, page] of this.context.pages().entries()) {
      await page.screenshot({ path: join(SCREENS, `${name}-${place}.png`), fullPage: true }).catch(() => undefined);
    }
  }

  #watch(page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.#fault(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.#fault(`script: ${error.message} at ${page.url()}`));
    page.on('crash', () => this.#fault(`crashed: ${page.url()}`));
    page.on('response', (response) => {
      if (response.status() >= 500) this.#fault(`${response.status()} from ${response.url()}`);
    });
  }

  #outside(request) {
    const { protocol, origin } = new URL(request.url());
    if (!['http:', 'https:', 'ws:', 'wss:'].includes(protocol)) return;
    if (!this.#origins.includes(origin)) this.#fault(`request to another party: ${origin}`);
  }

  #fault(text) {
    if (!this.#expected.some((pattern) => pattern.test(text))) this.faults.push(text);
  }
}

export function slug(text) {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '').slice(0, 60);
}
