// One device: a real Socket.IO client that remembers every event in the order of arrival.
import latest from 'socket.io-client';
import oldest from 'socket.io-client-4.0.0';
import { opened, settled } from './cleanup.mjs';
import { Inbox } from './inbox.mjs';
import { token } from './token.mjs';

/** The clients that every test of the socket runs with. */
export const clients = { latest, '4.0.0': oldest };

export class Device extends Inbox {
  /**
   * Opens a socket; `connected()` or `refused()` tell what became of it. WebSocket only, unless
   * `transports` says otherwise (undefined: what the client does by itself).
   */
  constructor(server, user, { client = 'latest', auth, ...options } = {}) {
    super(server, user);
    const wanted = { transports: ['websocket'], ...options };
    if (wanted.transports === undefined) delete wanted.transports;
    this.socket = clients[client](server.url, {
      forceNew: true,
      reconnection: false,
      auth: auth === undefined ? { token: token(user) } : (auth ?? {}),
      ...wanted,
    });
    this.socket.onAny((name, ...args) => this.arrived(name, args[0]));
    this.socket.on('connect', () => this.arrived('(connect)', this.socket.id));
    this.socket.on('connect_error', (error) => this.arrived('(connect_error)', error.message));
    this.socket.on('disconnect', (reason) => this.arrived('(disconnect)', reason));
    opened(this);
  }

  /** Opens a socket and waits for its first event, `callState`, whose content is in `callState`. */
  static async open(server, user, options) {
    const device = new Device(server, user, options);
    await device.connected();
    device.callState = await device.next('callState');
    return device;
  }

  async connected() {
    await this.next('(connect)');
    return this;
  }

  /** The message of the connect error. */
  refused() {
    return this.next('(connect_error)');
  }

  /** The transport that the socket uses now: 'polling' or 'websocket'. */
  get transport() {
    return this.socket.io.engine?.transport?.name;
  }

  emit(name, data) {
    this.socket.emit(name, data);
  }

  request(name, args, done) {
    this.socket.emit(name, ...args, done);
  }

  /** Says goodbye. */
  close() {
    settled(this);
    this.socket.disconnect();
  }

  /** Breaks the TCP connection without a goodbye, as a lost network does. */
  drop() {
    settled(this);
    this.socket.io.engine?.transport?.ws?._socket?.destroy();
    this.socket.io.reconnection(false);
  }
}
