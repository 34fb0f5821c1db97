// A device on a plain WebSocket at /ws, without any Socket.IO library.
import WebSocket from 'ws';
import { opened, settled } from './cleanup.mjs';
import { Inbox } from './inbox.mjs';
import { token } from './token.mjs';

export class PlainDevice extends Inbox {
  /**
   * `hello`: what the first frame carries in place of a good token; null: none is sent. `query` and
   * `headers` are the handshake's.
   */
  constructor(server, user, { hello = { token: token(user) }, query = '', headers, ...tls } = {}) {
    super(server, user);
    opened(this);
    const url = `${server.url.replace(/^http/, 'ws')}/ws${query}`;
    this.ws = new WebSocket(url, { perMessageDeflate: false, headers, ...tls });
    this.ws.on('open', () => hello !== null && this.emit('hello', hello));
    this.ws.on('message', (frame, binary) => this.#take(frame, binary));
    this.ws.on('error', (error) => this.arrived('(error)', error.message));
    this.ws.on('close', (code, reason) =>
      this.arrived('(disconnect)', { code, reason: reason.toString() }),
    );
  }

  /** Opens a socket and waits for the answer to hello, in `welcome`, and for `callState`. */
  static async open(server, user, options) {
    const device = new PlainDevice(server, user, options);
    device.welcome = await device.next('hello');
    device.callState = await device.next('callState');
    return device;
  }

  #asked = new Map();
  #lastId = 0;

  #take(frame, binary) {
    if (binary) return this.arrived('(binary)', frame);
    const { event, data, ack, offset } = JSON.parse(frame.toString());
    if (offset !== undefined) this.offset = offset;
    if (ack !== undefined) return this.#asked.get(ack)?.(data);
    return this.arrived(event, data);
  }

  get transport() {
    return 'websocket';
  }

  emit(event, data) {
    this.ws.send(JSON.stringify({ event, data }));
  }

  request(event, [data], done) {
    const id = ++this.#lastId;
    this.#asked.set(id, done);
    this.ws.send(JSON.stringify({ event, data, id }));
  }

  /** Sends a frame as it is. */
  send(frame) {
    this.ws.send(frame);
  }

  /** How the server closed it: `{code, reason}`. */
  end() {
    return this.next('(disconnect)');
  }

  close() {
    settled(this);
    this.ws.close(1000);
  }

  drop() {
    settled(this);
    this.ws.terminate();
  }
}
