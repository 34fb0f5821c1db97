// The official Node servers on one port, set up as `carillon serve --conformance-echo` is: Engine.IO
// echo at /engine.io/, Socket.IO at /socket.io/, a bare WebSocket echo at /ws-echo. They run in a
// process of their own, since their timers outlive them.
import { fork } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { Server as EngineServer } from 'engine.io';
import { Server as SocketServer } from 'socket.io';
import { WebSocketServer } from 'ws';
import { within } from './waiting.mjs';

const here = fileURLToPath(import.meta.url);

/** `settings`: `pingInterval`, `pingTimeout`, `connectTimeout` in ms, `maxPayload` in bytes. */
export class Reference {
  static async start(settings) {
    const reference = new Reference();
    reference.child = fork(here, [JSON.stringify(settings)]);
    const told = new Promise((done) => reference.child.once('message', done));
    reference.port = await within(told, 'the official servers to listen');
    return reference;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The place of a log, which it does not have. */
  tail() {
    return '(the official server)';
  }

  async stop() {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await ended;
  }
}

function serveEngine(listener, common) {
  const engine = new EngineServer(common);
  engine.attach(listener, common);
  engine.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(data));
  });
}

function serveSockets(listener, common, connectTimeout) {
  const io = new SocketServer(listener, { ...common, serveClient: false, connectTimeout });
  io.on('connection', (socket) => {
    socket.emit('auth', socket.handshake.auth);
    socket.on('message', (...args) => socket.emit('message-back', ...args));
    socket.on('message-with-ack', (...args) => args.pop()(...args));
  });
  io.of('/custom').on('connection', (socket) => socket.emit('auth', socket.handshake.auth));
}

function serveEcho(listener, maxPayload) {
  const echo = new WebSocketServer({ noServer: true, maxPayload });
  echo.on('connection', (socket) => {
    socket.on('error', () => undefined); // the close tells
    socket.on('message', (data, binary) => socket.send(data, { binary }));
  });
  listener.on('upgrade', (request, socket, head) => {
    if (request.url.split('?')[0] !== '/ws-echo') return;
    echo.handleUpgrade(request, socket, head, (ws) => echo.emit('connection', ws, request));
  });
}

function serve({ pingInterval, pingTimeout, connectTimeout, maxPayload, corsOrigin }) {
  const listener = http.createServer((_, answer) => answer.writeHead(404).end());
  const common = {
    pingInterval,
    pingTimeout,
    maxHttpBufferSize: maxPayload,
    destroyUpgrade: false,
    cors: corsOrigin ? { origin: corsOrigin } : false,
  };
  serveEngine(listener, common);
  serveSockets(listener, common, connectTimeout);
  serveEcho(listener, maxPayload);
  listener.listen(0, '127.0.0.1', () => process.send(listener.address().port));
  process.on('disconnect', () => process.exit());
}

if (process.argv[1] === here && process.send) serve(JSON.parse(process.argv[2]));
