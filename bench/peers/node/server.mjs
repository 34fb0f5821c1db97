// Carillon's direct calls as one would write them well on Express and Socket.IO.
//   node server.mjs --port 8080 [--store none|postgres] [--connections 10]
// JWT_SECRET signs the tokens; DATABASE_URL is PostgreSQL's address.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import express from 'express';
import { Server } from 'socket.io';
import { tokenReader } from './auth.mjs';
import { Calls, Refusal } from './calls.mjs';
import { makeStore } from './store.mjs';

const { values: options } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8080' },
    store: { type: 'string', default: 'none' },
    connections: { type: 'string', default: '10' },
  },
});
if (!process.env.JWT_SECRET) throw new Error('JWT_SECRET is needed');

const readToken = tokenReader(process.env.JWT_SECRET);
const store = makeStore(options.store, process.env.DATABASE_URL, Number(options.connections));
await store.open();
const calls = new Calls(store);

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.get('/health', (_, response) => response.json({ status: 'ok' }));
app.get('/api/calls/history', async (request, response) => {
  let user;
  try {
    user = readToken((request.get('authorization') ?? '').replace(/^Bearer /, ''));
  } catch {
    return response.status(401).json({ success: false, message: 'Authentication error', code: 'unauthorized' });
  }
  const limit = Math.min(Number(request.query.limit ?? 50) || 50, 100);
  response.json({ success: true, data: await store.history(user._id, limit) });
});

const http = createServer(app);
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
  maxHttpBufferSize: 131072,
});

io.use((socket, next) => {
  try {
    socket.data.profile = readToken(socket.handshake.auth.token);
    next();
  } catch {
    next(new Error('Authentication error'));
  }
});

const relays = [
  ['sendOffer', 'receiveOffer', 'offer'],
  ['sendAnswer', 'receiveAnswer', 'answer'],
  ['sendIceCandidate', 'receiveIceCandidate', 'candidate'],
];

io.on('connection', (socket) => {
  const user = calls.connect(socket, socket.data.profile);

  const refuse = (error, acknowledge) => {
    if (!(error instanceof Refusal)) console.error(error);
    const code = error instanceof Refusal ? error.code : 'internal';
    const message = error instanceof Refusal ? error.message : 'Internal error';
    socket.emit('callError', { error: message, code });
    if (typeof acknowledge === 'function') acknowledge({ ok: false, error: message, code });
  };
  const on = (event, handle) =>
    socket.on(event, async (data, acknowledge) => {
      try {
        const answer = await handle(data);
        if (typeof acknowledge === 'function') acknowledge({ ok: true, ...answer });
      } catch (error) {
        refuse(error, acknowledge);
      }
    });

  on('initiateCall', (data) => calls.initiate(user, socket, data));
  on('acceptCall', (data) => calls.accept(user, socket, data));
  on('rejectCall', (data) => calls.reject(user, socket, data));
  on('endCall', (data) => calls.end(user, socket, data));
  // Without a promise: most messages are of these kinds.
  for (const [event, relayed, field] of relays)
    socket.on(event, (data, acknowledge) => {
      try {
        calls.relay(user, socket, relayed, field, data);
        if (typeof acknowledge === 'function') acknowledge({ ok: true });
      } catch (error) {
        refuse(error, acknowledge);
      }
    });
  socket.on('disconnect', () => calls.disconnect(user, socket));
});

http.listen(Number(options.port), options.host, 4096, () => console.log(`listening on ${options.host}:${http.address().port}`));

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    io.close();
    store.close().finally(() => process.exit(0));
  });
