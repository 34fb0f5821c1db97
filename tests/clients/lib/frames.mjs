// WebSocket frames made and read by hand (RFC 6455, 5.2): the tests need wrong ones as well.
import { createHash, randomBytes } from 'node:crypto';
import net from 'node:net';
import { PATIENCE_MS, within } from './waiting.mjs';

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/**
 * The bytes of one frame. `width`: how the length is written (7, 16 or 64 bits) where it is not the
 * least; `claims`: a length that is not the payload's own.
 */
export function frame(opcode, payload = '', options = {}) {
  const { fin = true, rsv = 0, masked = true, width, claims } = options;
  const data = Buffer.from(payload);
  const length = BigInt(claims ?? data.length);
  const bits = width ?? (length < 126n ? 7 : length < 65536n ? 16 : 64);
  const head = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (bits === 7 ? Number(length) : bits === 16 ? 126 : 127);
  if (bits === 16) head.writeUInt16BE(Number(length), 2);
  if (bits === 64) head.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([head, data]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, data.map((byte, i) => byte ^ mask[i % 4])]);
}

/** A close frame with a code, and bytes or text behind it. */
export function close(code, reason = '', options) {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return frame(CLOSE, Buffer.concat([head, Buffer.from(reason)]), options);
}

/** The request that opens a WebSocket; a header that is undefined is left out. */
export function handshake(path, headers = {}, line = `GET ${path} HTTP/1.1`) {
  const all = {
    Host: '127.0.0.1',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version': '13',
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return [line, ...lines, '', ''].join('\r\n');
}

const brief = (bytes, encoding) =>
  bytes.length <= 200
    ? bytes.toString(encoding)
    : `${bytes.length} bytes ${createHash('sha256').update(bytes).digest('hex')}`;

/** A raw connection that logs whole messages, pongs, pings, and how it was closed. */
export class FrameTalk {
  log = [];
  #bytes = Buffer.alloc(0);
  #message = null;
  #waiting = new Set();
  #upgraded = false;

  static async open(server, path, request = handshake(path)) {
    const talk = new FrameTalk();
    talk.server = server;
    talk.socket = net.connect(server.port, '127.0.0.1');
    talk.socket.setNoDelay();
    talk.socket.on('error', () => undefined); // the close tells
    talk.socket.on('data', (chunk) => talk.#read(chunk));
    talk.socket.on('close', () => talk.#end({ lost: true }));
    talk.socket.write(request);
    await talk.#until(() => talk.head !== undefined);
    return talk;
  }

  #read(chunk) {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    if (this.head === undefined) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.head = this.#bytes.subarray(0, end).toString('latin1');
      this.status = Number(this.head.split(' ')[1]);
      this.#upgraded = this.status === 101;
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    while (this.#upgraded && this.#takeFrame());
    this.#changed();
  }

  #takeFrame() {
    const bytes = this.#bytes;
    if (bytes.length < 2) return false;
    const short = bytes[1] & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < start) return false;
    const length =
      short === 126
        ? bytes.readUInt16BE(2)
        : short === 127
          ? Number(bytes.readBigUInt64BE(2))
          : short;
    if (bytes.length < start + length) return false;
    const payload = bytes.subarray(start, start + length);
    this.#bytes = bytes.subarray(start + length);
    if (bytes[1] & 0x80) this.log.push({ masked: true }); // a server never masks
    this.#take(bytes[0] & 0x0f, Boolean(bytes[0] & 0x80), bytes[0] & 0x70, payload);
    return true;
  }

  #take(opcode, fin, reserved, payload) {
    if (reserved) this.log.push({ reserved });
    if (opcode === CLOSE) {
      this.#end({ close: payload.length >= 2 ? payload.readUInt16BE(0) : null });
      this.socket.end(frame(CLOSE, payload));
    } else if (opcode === PING || opcode === PONG) {
      this.log.push({ [opcode === PING ? 'ping' : 'pong']: brief(payload, 'hex') });
    } else {
      const begun = this.#message ?? { kind: opcode === TEXT ? 'text' : 'binary', parts: [] };
      begun.parts.push(payload);
      this.#message = fin ? null : begun;
      if (!fin) return;
      const encoding = begun.kind === 'text' ? 'utf8' : 'hex';
      this.log.push({ [begun.kind]: brief(Buffer.concat(begun.parts), encoding) });
    }
  }

  #end(how) {
    if (this.ended) return;
    this.ended = true;
    this.head ??= '';
    this.log.push(how);
    this.#changed();
  }

  #changed() {
    for (const look of [...this.#waiting]) look();
  }

  #until(holds) {
    let look;
    const found = new Promise((done) => {
      look = () => (this.ended || holds()) && done();
      this.#waiting.add(look);
    });
    look();
    const context = () => `${JSON.stringify(this.log)}\n${this.server.tail()}`;
    return within(found, 'frames', PATIENCE_MS, context).finally(() => this.#waiting.delete(look));
  }

  send(...frames) {
    for (const bytes of frames) if (this.socket.writable) this.socket.write(bytes);
  }

  /** Sends a last message; the log without it when it came back, or up to the close. */
  async settle() {
    this.send(frame(TEXT, 'fence'));
    await this.#until(() => this.log.at(-1)?.text === 'fence');
    return this.log.filter(({ text }) => text !== 'fence');
  }

  atLeast(count) {
    return this.#until(() => this.log.length >= count);
  }

  drop() {
    this.socket.destroy();
  }
}
