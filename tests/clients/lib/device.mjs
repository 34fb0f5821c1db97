// One device: a real Socket.IO client that remembers every event in the order of arrival.
import assert from 'node:assert/strict';
import latest from 'socket.io-client';
import oldest from 'socket.io-client-4.0.0';
import { token } from './token.mjs';
import { PATIENCE_MS, within } from './waiting.mjs';

/** The clients that every test of the socket runs with. */
export const clients = { latest, '4.0.0': oldest };

const open = new Set();

export class Device {
  /** Opens a socket; `connected()` or `refused()` tell what became of it. */
  constructor(server, user, { client = 'latest', auth, ...options } = {}) {
    this.server = server;
    this.user = user;
    this.events = [];
    this.unread = [];
    this.waiting = new Set();
    this.socket = clients[client](server.url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: auth === undefined ? { token: token(user) } : (auth ?? {}),
      ...options,
    });
    this.socket.onAny((name, ...args) => this.#arrived(name, args[0]));
    this.socket.on('connect', () => this.#arrived('(connect)', this.socket.id));
    this.socket.on('connect_error', (error) => this.#arrived('(connect_error)', error.message));
    this.socket.on('disconnect', (reason) => this.#arrived('(disconnect)', reason));
    open.add(this);
  }

  /** Opens a socket and waits for its first event, `callState`, whose content is in `callState`. */
  static async open(server, user, options) {
    const device = new Device(server, user, options);
    await device.connected();
    device.callState = await device.next('callState');
    return device;
  }

  #arrived(name, data) {
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

  async connected() {
    await this.next('(connect)');
    return this;
  }

  /** The message of the connect error. */
  refused() {
    return this.next('(connect_error)');
  }

  emit(name, data) {
    this.socket.emit(name, data);
  }

  /** Emits and waits for the acknowledgement. */
  ask(name, ...args) {
    const answered = new Promise((done) => this.socket.emit(name, ...args, done));
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
    const list = this.events.map((e) => `  ${e.name} ${JSON.stringify(e.data)?.slice(0, 200)}`);
    return `events at ${this.user}:\n${list.join('\n')}\n${this.server.tail()}`;
  }

  /** Says goodbye. */
  close() {
    open.delete(this);
    this.socket.disconnect();
  }

  /** Breaks the TCP connection without a goodbye, as a lost network does. */
  drop() {
    open.delete(this);
    this.socket.io.engine?.transport?.ws?._socket?.destroy();
    this.socket.io.reconnection(false);
  }
}

/** Closes what tests left open; for `afterEach`. */
export function closeAll() {
  for (const device of [...open]) device.close();
}
