// What reached one device, in the order of arrival, and waiting for it: whatever client it speaks with.
import assert from 'node:assert/strict';
import { PATIENCE_MS, within } from './waiting.mjs';

/** Extended by each kind of device, which has `emit(name, data)` and `request(name, args, done)`. */
export class Inbox {
  constructor(server, user) {
    this.server = server;
    this.user = user;
    this.events = [];
    this.unread = [];
    this.waiting = new Set();
  }

  /** Called by the client for each event; names in brackets are of the connection itself. */
  arrived(name, data) {
    const event = { name, data };
    this.events.push(event);
    this.unread.push(event);
    for (const look of [...this.waiting]) look();
  }

  /** The next unread event of this name for which `matches(data)` holds; others stay unread. */
  next(name, matches = () => true, ms = PATIENCE_MS) {
    let look;
    const found = new Promise((done) => {
      look = () => {
        const at = this.unread.findIndex((e) => e.name === name && matches(e.data));
        if (at < 0) return;
        this.waiting.delete(look);
        done(this.unread.splice(at, 1)[0].data);
      };
      this.waiting.add(look);
    });
    look();
    return within(found, `${name} at ${this.user}`, ms, () => this.describe()).finally(() =>
      this.waiting.delete(look),
    );
  }

  /** Emits and waits for the acknowledgement. */
  ask(name, ...args) {
    const answered = new Promise((done) => this.request(name, args, done));
    const what = `the acknowledgement of ${name} at ${this.user}`;
    return within(answered, what, PATIENCE_MS, () => this.describe());
  }

  /** As `ask`, for what has to work. */
  async must(name, ...args) {
    const ack = await this.ask(name, ...args);
    assert.equal(ack?.ok, true, `${name} was refused: ${JSON.stringify(ack)}`);
    return ack;
  }

  /** The names of the events since the last call of this, and forgets them. */
  takeNames() {
    return this.unread.splice(0).map((e) => e.name);
  }

  /** Forgets what is unread. */
  forget() {
    this.unread.length = 0;
  }

  describe() {
    const list = this.events
      .slice(-60)
      .map((e) => `  ${e.name} ${JSON.stringify(e.data)?.slice(0, 200)}`);
    return `events at ${this.user}:\n${list.join('\n')}\n${this.server.tail()}`;
  }
}
