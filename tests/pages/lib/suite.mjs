// A file of tests: one server and one browser for all of them, a window for each user of each test.
import { after, before, describe, test as nodeTest } from 'node:test';
import { closeAll } from '../../clients/lib/cleanup.mjs';
import { PATIENCE_MS, within } from '../../clients/lib/waiting.mjs';
import { skipBrowser } from './browser.mjs';
import { Pages } from './pages.mjs';

/** How long one test may take. */
export const TEST_MS = 12 * PATIENCE_MS;

/**
 * Declares `body({test, pages})`: `test(name, [options,] fn)` is a test that fails too when a page
 * complained; `fn` is given the running `Pages`, which `pages()` returns as well. `env` (or what
 * the asynchronous `env()` returns): the server's settings.
 */
export function suite(name, { env = {} } = {}, body) {
  describe(name, { skip: skipBrowser() }, () => {
    let pages;
    before(async () => {
      pages = await Pages.start({ env: typeof env === 'function' ? await env() : env });
    });
    after(() => pages?.stop());

    const test = (what, ...rest) => {
      const fn = rest.pop();
      nodeTest(what, { ...rest[0] }, async () => {
        try {
          // Not by the runner's own bound, which leaves a test to itself and goes on with the next
          // one.
          await within(fn(pages), 'the test', TEST_MS);
        } catch (error) {
          const seen = await pages.picture(`failed ${what}`.replace(/[^\w]+/g, '-'));
          const said = pages.complaints.left;
          await pages.closeWindows();
          await closeAll();
          const all = ['seen:', ...seen, 'said:', ...said, pages.server.tail()];
          error.message += `\n${all.join('\n')}`;
          throw error;
        }
        const said = await pages.closeWindows();
        await closeAll();
        if (said.length) throw new Error(`a page complained\n${said.join('\n')}`);
      });
    };
    body({ test, pages: () => pages });
  });
}
