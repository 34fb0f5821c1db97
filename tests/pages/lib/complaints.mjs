// What a page complains of: errors on its console (refused by its Content-Security-Policy among
// them), warnings of its own, exceptions and promises that nobody caught. A test with one of them fails.

// In the page, before anything of its own: what would not come to the console by itself.
function listen() {
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`refused by ${violatedDirective}: ${blockedURI}`),
  );
  addEventListener('unhandledrejection', ({ reason }) =>
    console.error(`nobody caught: ${reason?.stack ?? reason}`),
  );
}

export class Complaints {
  #heard = [];
  #forgiven = [];

  /** Listens to all pages of a context. `who`: in the messages. */
  async follow(context, who) {
    await context.addInitScript(listen);
    context.on('page', (page) => {
      page.on('console', (message) => {
        // The browser's own warnings come without arguments.
        const isOurs = message.type() === 'warning' && message.args().length > 0;
        if (message.type() !== 'error' && !isOurs) return;
        this.#heard.push(`${who}: ${message.text()} ${message.location().url ?? ''}`);
      });
      page.on('pageerror', (error) => this.#heard.push(`${who}: ${error.stack ?? error}`));
      page.on('crash', () => this.#heard.push(`${who}: the page crashed`));
    });
  }

  /** What the test brings about itself: a server that is gone, an answer that says no. */
  forgive(...patterns) {
    this.#forgiven.push(...patterns);
  }

  /** Those that nobody forgave. */
  get left() {
    return this.#heard.filter((text) => !this.#forgiven.some((pattern) => pattern.test(text)));
  }
}
