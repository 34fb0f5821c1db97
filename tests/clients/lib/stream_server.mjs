// In the place of Stream's servers: an HTTPS server that checks each request against what Stream's
// own SDK sends, keeps users, channels and messages as Stream does, and fails by a plan.
import https from 'node:https';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { opened, settled } from './cleanup.mjs';
import { complaintsAbout, kindOfPath } from './stream_wire.mjs';

const error = (status, code, message) => ({
  status,
  body: { code, message, StatusCode: status, duration: '0.00ms', more_info: '' },
});

/** Numbers in [0, 1) that are the same in each run with the same seed. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws by seed what goes wrong: `odds` maps faults to their share of all. */
export function planned(seed, odds) {
  const draw = seeded(seed);
  return () => {
    let left = draw();
    return Object.keys(odds).find((fault) => (left -= odds[fault]) < 0);
  };
}

const tooMany = (after) => () => ({
  ...error(429, 9, 'Too many requests'),
  headers: after ? { 'retry-after': after() } : {},
});
const broken = () => error(500, -1, 'Internal error');

/** What may go wrong with a request: whether it is taken all the same, and what comes back. */
const faults = {
  throttled: { answer: tooMany(() => '1') },
  'throttled until': { answer: tooMany(() => new Date(Date.now() + 1000).toUTCString()) },
  'throttled for long': { answer: tooMany(() => '600') },
  'throttled somehow': { answer: tooMany() },
  failed: { answer: broken },
  'failed and taken': { taken: true, answer: broken },
  'bad gateway': { answer: () => ({ status: 502, body: '<html>Bad Gateway</html>' }) },
  hung: { hang: true },
  'hung and taken': { taken: true, hang: true },
  'cut before': { cut: true },
  'cut after': { taken: true, cut: true },
  'cut answer': { taken: true, half: true },
  'slow answer': { taken: true, delay: 60 },
};

/** What may go wrong with a connection. */
const connectionFaults = {
  reset: (socket) => socket.destroy(),
  silent: () => undefined,
  slow: async (socket, begin) => {
    await pause(80);
    begin();
  },
};

export class StreamServer {
  users = new Map();
  channels = new Map(); // `call-…` → {createdBy, members, frozen, messages}
  complaints = []; // what was not as the SDK sends it
  requests = []; // {kind, channel, id, fault, at}, each that arrived
  repeats = 0; // requests for what was there already
  poison = new Set(); // ids of messages that are always refused
  plan = () => undefined;
  connectionPlan = () => undefined;
  #sockets = new Set();
  #requestIds = new Map(); // to what went wrong with it
  #messageIds = new Map();

  /**
   * Listens with this key and certificate; `base`: in front of all paths; `bySdk`: the client is
   * the SDK itself; `plan`, `connectionPlan`: give the name of what goes wrong with the next one.
   */
  static async open(certificate, { base = '', bySdk = false, ...plans } = {}) {
    const server = opened(new StreamServer());
    Object.assign(server, { base, bySdk, ...plans });
    server.https = https.createServer(certificate, (request, answer) =>
      server.#serve(request, answer),
    );
    server.https.keepAliveTimeout = 60000;
    server.https.on('tlsClientError', () => undefined);
    await server.listen(0);
    return server;
  }

  /** Takes connections (again). */
  async listen(port = this.port) {
    const options = { pauseOnConnect: true };
    this.listener = net.createServer(options, (socket) => this.#accept(socket));
    await new Promise((done) => this.listener.listen(port, '127.0.0.1', done));
    this.port = this.listener.address().port;
  }

  /** Is gone: nobody listens, and every connection is cut. */
  async vanish() {
    const closed = new Promise((done) => this.listener.close(done));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  get url() {
    return `https://127.0.0.1:${this.port}${this.base}`;
  }

  #accept(socket) {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    const begin = () => this.https.emit('connection', socket);
    const fault = this.connectionPlan();
    return fault ? connectionFaults[fault](socket, begin) : begin();
  }

  async #serve(request, answer) {
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // cut while it was sent
    }
    const fault = this.plan();
    const how = fault ? faults[fault] : { taken: true };
    const noted = this.#note(request, Buffer.concat(chunks).toString(), fault);
    const own = how.taken && (noted.wrong ?? this.#take(noted));
    if (how.hang) return;
    if (how.cut) {
      request.socket.destroy();
      return;
    }
    if (how.delay) await pause(how.delay);
    const given = how.answer?.() ?? own;
    const text = typeof given.body === 'string' ? given.body : JSON.stringify(given.body);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    answer.writeHead(given.status, { ...headers, ...given.headers });
    if (how.half) answer.write(text.slice(0, text.length / 2), () => request.socket.destroy());
    else answer.end(text);
  }

  /** Checks a request and remembers that it came: what it is, or an error. */
  #note(request, text, fault) {
    const { pathname, search } = new URL(request.url, this.url);
    const found = pathname.startsWith(this.base) && kindOfPath(pathname.slice(this.base.length));
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      this.complaints.push(`no JSON to ${request.url}: ${text}`);
    }
    if (!found || body === undefined) {
      if (!found) this.complaints.push(`unknown ${request.method} ${request.url}`);
      return { wrong: error(404, 16, 'not found') };
    }
    const { method, headers } = request;
    const sent = { method, query: search.slice(1), headers };
    const wrong = complaintsAbout(found.kind, sent, body, this.bySdk);
    if (headers.host !== `127.0.0.1:${this.port}`) wrong.push(`host ${headers.host}`);
    const requestId = headers['x-client-request-id'];
    // A client may repeat it on a new connection when the old one was cut under it.
    const before = this.#requestIds.get(requestId) ?? 'cut';
    if (!before.startsWith('cut')) wrong.push(`request id ${requestId} twice`);
    this.#requestIds.set(requestId, fault ?? 'nothing');
    this.complaints.push(...wrong);
    const { kind, channel } = found;
    this.requests.push({ kind, channel, id: body.message?.id, fault, at: Date.now() });
    return wrong.length > 0 ? { wrong: error(400, 4, wrong[0]) } : { ...found, body };
  }

  /** Takes a request: what is answered. */
  #take({ kind, channel, body }) {
    if (kind === 'users') return this.#upsert(body.users);
    if (kind === 'open') return this.#open(channel, body.data);
    const known = this.channels.get(channel);
    if (!known) return error(404, 16, `Can't find channel with id messaging:${channel}`);
    return kind === 'message' ? this.#send(known, body.message) : this.#update(known, body.data);
  }

  #upsert(users) {
    for (const [id, user] of Object.entries(users)) this.users.set(id, user);
    return { status: 201, body: { users, duration: '0.00ms' } };
  }

  #open(id, { members, created_by_id: createdBy }) {
    const unknown = [createdBy, ...members].filter((user) => !this.users.has(user));
    if (unknown.length > 0) return error(400, 4, `users don't exist: ${unknown}`);
    const known = this.channels.get(id);
    if (known) ++this.repeats;
    else this.channels.set(id, { createdBy, members, frozen: false, messages: [] });
    const channel = { id, type: 'messaging', cid: `messaging:${id}`, config: {} };
    return { status: 201, body: { channel, members: [], messages: [] } };
  }

  #send(channel, message) {
    if (this.poison.has(message.id)) return error(400, 4, 'SendMessage failed: no such content');
    if (this.#messageIds.has(message.id)) {
      ++this.repeats;
      if (this.#messageIds.get(message.id) !== JSON.stringify(message)) {
        this.complaints.push(`message ${message.id} with two contents`);
      }
      return error(400, 4, `SendMessage failed: a message with ID ${message.id} already exists`);
    }
    if (!this.users.has(message.user_id)) return error(400, 4, `no user ${message.user_id}`);
    if (channel.frozen) return error(403, 17, 'SendMessage failed: the channel is frozen');
    this.#messageIds.set(message.id, JSON.stringify(message));
    channel.messages.push(message);
    return { status: 201, body: { message, duration: '0.00ms' } };
  }

  #update(channel, { frozen = false }) {
    if (channel.frozen && frozen) ++this.repeats;
    channel.frozen = frozen;
    return { status: 200, body: { channel: {}, members: [], duration: '0.00ms' } };
  }

  async close() {
    settled(this);
    await this.vanish();
    this.https.close();
  }
}
