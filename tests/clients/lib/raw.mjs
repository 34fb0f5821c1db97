// Devices below Socket.IO: text frames as they are on the wire, and bare TCP.
import net from 'node:net';
import WebSocket from 'ws';
import { token } from './token.mjs';
import { PATIENCE_MS, within } from './waiting.mjs';

/** A WebSocket that speaks Engine.IO by hand; every frame is kept as text. */
export class RawDevice {
  /** Connects, and with a user also sends CONNECT and waits for its answer. */
  static async open(server, user) {
    const device = new RawDevice(server);
    await device.next((text) => text.startsWith('0'));
    if (user !== undefined) {
      device.send(`40${JSON.stringify({ token: token(user) })}`);
      await device.next((text) => text.startsWith('40'));
      await device.next((text) => text.startsWith('42["callState"'));
    }
    return device;
  }

  constructor(server) {
    this.server = server;
    this.unread = [];
    this.answersPings = true;
    this.waiting = new Set();
    const url = `ws://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`;
    this.ws = new WebSocket(url, { perMessageDeflate: false });
    this.ws.on('message', (data, binary) => {
      const text = binary ? '(binary)' : data.toString();
      if (text === '2') return this.answersPings && this.ws.send('3');
      this.unread.push(text);
      for (const look of [...this.waiting]) look();
    });
    this.ws.on('error', (error) => (this.error = error));
    this.closed = new Promise((done) => {
      this.ws.on('close', (code, reason) => done({ code, reason: reason.toString() }));
    });
  }

  /** Sends one text frame; bytes are sent as they are, valid UTF-8 or not. */
  send(text) {
    this.ws.send(text, { binary: false });
  }

  sendBinary(bytes) {
    this.ws.send(bytes, { binary: true });
  }

  /** The next unread frame for which `matches(text)` holds. */
  next(matches, ms = PATIENCE_MS) {
    let look;
    const found = new Promise((done) => {
      look = () => {
        const at = this.unread.findIndex(matches);
        if (at < 0) return;
        this.waiting.delete(look);
        done(this.unread.splice(at, 1)[0]);
      };
      this.waiting.add(look);
    });
    look();
    const context = () => `frames: ${this.unread.join('\n')}\n${this.server.tail()}`;
    return within(found, 'a frame', ms, context).finally(() => this.waiting.delete(look));
  }

  /** How the server closed it: `{code, reason}`. */
  end(ms = PATIENCE_MS) {
    return within(this.closed, 'the connection to close', ms, () => this.server.tail());
  }

  /** What came of bad input: the next frame, or the close; never nothing. */
  reaction() {
    const frame = this.next(() => true).then((text) => ({ text }));
    frame.catch(() => undefined);
    return Promise.race([frame, this.end()]);
  }

  close() {
    this.ws.terminate();
  }
}

/** A bare TCP connection; `end` resolves with all bytes that came when the other side closed. */
export function tcp(server, bytes) {
  const socket = net.connect(server.port, '127.0.0.1');
  let received = Buffer.alloc(0);
  let failure;
  socket.on('data', (chunk) => (received = Buffer.concat([received, chunk])));
  socket.on('error', (error) => (failure = error));
  socket.on('connect', () => bytes !== undefined && socket.write(bytes));
  const ended = new Promise((done) => socket.on('close', () => done({ received, failure })));
  return {
    socket,
    received: () => received,
    end: (ms = PATIENCE_MS) =>
      within(ended, 'the TCP connection to close', ms, () => server.tail()),
  };
}
