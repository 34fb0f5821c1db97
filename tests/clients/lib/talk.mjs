// A conversation with an Engine.IO server, packet by packet, over either transport. What comes back
// is kept in `log`, in a form that does not depend on the server: no ids, JSON without spelling.
import http from 'node:http';
import WebSocket from 'ws';
import { PATIENCE_MS, within } from './waiting.mjs';

const SEPARATOR = '\x1e';

/** The packet with ids replaced, and its JSON written as JavaScript does. */
export function plainly(text) {
  const at = text.search(/[[{]/);
  if (at < 0) return text;
  try {
    const value = JSON.parse(text.slice(at), (key, inner) => (key === 'sid' ? '*' : inner));
    return text.slice(0, at) + JSON.stringify(value);
  } catch {
    return text;
  }
}

/** What both transports share: the log, and waiting for it. */
class Talk {
  log = [];
  closed = false;
  answersPings = true;
  logsPings = false;
  waiting = new Set();

  took(packet) {
    if (this.log.length === 0 && this.sid === undefined && packet[0] === '0') {
      this.sid = JSON.parse(packet.slice(1)).sid;
    }
    if (packet === '2' || packet === '6') {
      if (packet === '2' && this.answersPings) this.send('3');
      if (!this.logsPings) return;
    }
    this.log.push(
      typeof packet === 'string' ? plainly(packet) : { binary: packet.toString('hex') },
    );
    this.changed();
  }

  changed() {
    for (const look of [...this.waiting]) look();
  }

  ended() {
    if (this.closed) return;
    this.closed = true;
    this.log.push('closed');
    this.gone?.();
    this.changed();
  }

  /** Until `holds(log)`, or until the connection is closed. */
  until(holds, ms = PATIENCE_MS) {
    let look;
    const found = new Promise((done) => {
      look = () => {
        if (!this.closed && !holds(this.log)) return;
        this.waiting.delete(look);
        done();
      };
      this.waiting.add(look);
    });
    look();
    const context = () => `${JSON.stringify(this.log)}\n${this.server.tail()}`;
    return within(found, 'packets', ms, context).finally(() => this.waiting.delete(look));
  }

  /** Until `count` packets came. */
  atLeast(count) {
    return this.until((log) => log.length >= count);
  }

  /**
   * Sends `question`, which has `answer` as its only effect, and waits for that; gives the log
   * without it. Whatever was sent before has had its effect then.
   */
  async settle(question, answer) {
    this.send(question);
    await this.until((log) => log.includes(answer));
    return this.log.filter((packet) => packet !== answer);
  }

  /** Waits for the close; the log. */
  async end() {
    await this.until(() => false);
    return this.log;
  }
}

/** Over one WebSocket, from the start or (with a `sid`) for an upgrade. */
export class WebSocketTalk extends Talk {
  static async open(server, path, query = 'EIO=4&transport=websocket') {
    const talk = new WebSocketTalk(server, path, query);
    await talk.opened;
    return talk;
  }

  constructor(server, path, query) {
    super();
    this.server = server;
    const url = `ws://127.0.0.1:${server.port}${path}?${query}`;
    this.ws = new WebSocket(url, { perMessageDeflate: false });
    this.ws.on('message', (data, binary) => this.took(binary ? data : data.toString()));
    this.ws.on('error', () => undefined); // the close tells
    this.ws.on('close', () => this.ended());
    this.ws.on('unexpected-response', (_, answer) => {
      this.refused = answer.statusCode;
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.on('close', () => {
        this.log.push({ refused: this.refused, text });
        this.ended();
      });
    });
    this.opened = within(
      new Promise((done) => {
        this.ws.on('open', done);
        this.gone = done;
      }),
      'the WebSocket to open or to be refused',
    );
  }

  /** Text and Buffers, each a packet. */
  send(...packets) {
    for (const packet of packets) {
      if (this.ws.readyState === WebSocket.OPEN) this.ws.send(packet);
    }
  }

  /** Sends one packet and waits until the server has taken it, and had time for what it causes. */
  async step(packet) {
    this.send(packet);
    if (this.ws.readyState !== WebSocket.OPEN) return;
    const answered = new Promise((done) => this.ws.once('pong', done));
    this.ws.ping();
    await Promise.race([answered, this.until(() => false)]);
  }

  /** Closes as a client does; waits until it is done. */
  async hangUp() {
    this.ws.close();
    await this.end();
  }

  drop() {
    this.ws.terminate();
  }
}

/** One HTTP request; what came of it: `{status, headers, body}` or `{aborted: true}`. */
export function ask(server, method, target, { body, headers = {}, agent } = {}) {
  const answered = new Promise((done) => {
    const request = http.request(
      { host: '127.0.0.1', port: server.port, method, path: target, headers, agent },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        answer.on('end', () =>
          done({ status: answer.statusCode, headers: answer.headers, body: text }),
        );
        answer.on('error', () => done({ aborted: true }));
      },
    );
    request.on('error', () => done({ aborted: true }));
    request.end(body);
  });
  return within(answered, `the answer to ${method} ${target}`, PATIENCE_MS, () => server.tail());
}

/** Over polling: always one GET under way, one POST after the other. */
export class PollingTalk extends Talk {
  static async open(server, path) {
    const talk = new PollingTalk();
    talk.server = server;
    const target = `${path}?EIO=4&transport=polling`;
    const { body } = await ask(server, 'GET', target);
    const [first, ...others] = body.split(SEPARATOR);
    talk.target = `${target}&sid=${JSON.parse(first.slice(1)).sid}`;
    talk.posts = Promise.resolve();
    talk.agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
    for (const packet of [first, ...others]) talk.took(packet);
    talk.receive();
    return talk;
  }

  async receive() {
    while (!this.closed) {
      const answer = await ask(this.server, 'GET', this.target, { agent: this.agent });
      if (this.closed) return;
      if (answer.status !== 200) return this.ended();
      for (const packet of answer.body.split(SEPARATOR)) {
        if (packet === '1') return this.ended();
        this.took(packet[0] === 'b' ? Buffer.from(packet.slice(1), 'base64') : packet);
      }
    }
    return undefined;
  }

  /** In one payload. */
  send(...packets) {
    const encoded = packets.map((packet) =>
      typeof packet === 'string' ? packet : `b${packet.toString('base64')}`,
    );
    this.posts = this.posts.then(async () => {
      if (this.closed) return;
      const body = encoded.join(SEPARATOR);
      await ask(this.server, 'POST', this.target, { body, agent: this.agent });
    });
  }

  /** As over WebSocket. */
  async step(packet) {
    this.send(packet);
    await this.posts;
  }

  drop() {
    this.closed = true;
    this.agent.destroy();
  }

  ended() {
    super.ended();
    this.agent.destroy();
  }
}
