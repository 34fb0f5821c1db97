// The server with its pages, and a browser whose windows are users.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { carillonPath, Server } from '../../clients/lib/server.mjs';
import { PATIENCE_MS } from '../../clients/lib/waiting.mjs';
import { startBrowser } from './browser.mjs';
import { Complaints } from './complaints.mjs';
import { followMedia } from './media.mjs';
import { followSound } from './sound.mjs';

/** Where pictures go: beside the executable. */
export const pictures = join(dirname(carillonPath), 'pages');

/** The rooms that pages are looked at in. */
export const SIZES = {
  least: { width: 320, height: 568 },
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
};

// STUN servers of others have no part in a test.
const CONFIG = '[webrtc]\nstun_servers = []\n';

export class Pages {
  #contexts = [];
  complaints = new Complaints();

  /** Starts both. `env`: settings of the server. */
  static async start({ env = {} } = {}) {
    const pages = new Pages();
    pages.config = join(tmpdir(), `carillon-pages-${process.pid}.toml`);
    writeFileSync(pages.config, CONFIG);
    // Whoever ends this process early (the runner's bound) takes both along.
    let isEnded = false;
    const end = () => {
      isEnded = true;
      if (pages.server) pages.abandon();
    };
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, end);
    pages.server = await Server.start({
      env: { DEVELOPMENT: 'true', ...env },
      args: ['--config', pages.config],
    });
    if (isEnded) pages.abandon();
    try {
      pages.browser = await startBrowser();
    } catch (error) {
      await pages.stop();
      throw error;
    }
    return pages;
  }

  get url() {
    return this.server.url;
  }

  /**
   * A page in a window of its own, signed in as the demo user `name` (`Alice`; `operator` on /ops),
   * or at the sign-in without one. `size`: one of `SIZES`. `at`: another origin, as of a
   * proxy.
   */
  async open(name, { path = '/', size = 'desktop', dark = false, at = this.url } = {}) {
    const context = await this.browser.newContext({
      viewport: SIZES[size],
      hasTouch: size === 'phone',
      colorScheme: dark ? 'dark' : 'light',
      permissions: ['camera', 'microphone'],
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(2 * PATIENCE_MS);
    this.#contexts.push(context);
    await this.complaints.follow(context, name ?? 'nobody');
    await followMedia(context);
    await followSound(context);
    const page = await context.newPage();
    await page.goto(at + path);
    if (name) await signIn(page, name);
    return page;
  }

  /** Closes all windows; the complaints of all of them that nobody forgave. */
  async closeWindows() {
    const contexts = this.#contexts.splice(0);
    await Promise.all(contexts.map((context) => context.close()));
    const { left } = this.complaints;
    this.complaints = new Complaints();
    return left;
  }

  /** A picture of each open window, for somebody who looks into a failure. */
  async picture(name) {
    const all = this.#contexts.flatMap((context) => context.pages());
    const taken = all.map((page, n) => shot(page, `${name}-${n + 1}`).catch(() => null));
    return (await Promise.all(taken)).filter(Boolean);
  }

  /** Ends both; fails when the server had crashed. */
  async stop() {
    await this.browser?.close();
    rmSync(this.config, { force: true });
    await this.server.stop();
  }

  /** At once: on `exit` playwright kills the browser's processes, without asking it to close. */
  abandon() {
    this.server.child?.kill('SIGKILL');
    rmSync(this.config, { force: true });
    rmSync(this.server.dataDir, { recursive: true, force: true });
    process.exit(1);
  }
}

/** Presses the demo user's button at the sign-in. */
export async function signIn(page, name) {
  const label = name === 'operator' ? 'Enter as demo operator' : name;
  await page.getByRole('button', { name: label, exact: true }).click();
}

/** A picture of what the page shows, below the build directory; returns its path. */
export async function shot(page, name) {
  mkdirSync(pictures, { recursive: true });
  const path = join(pictures, `${name}.png`);
  await page.evaluate(painted);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  return path;
}

/** In the page: after a change of its size, blurred layers are there some frames later. */
const painted = () =>
  new Promise((done) => {
    let frames = 10;
    const next = () => (frames-- > 0 ? requestAnimationFrame(next) : done());
    next();
  });
