// The socket: one Socket.IO connection of the user who is signed in, which goes on after a loss.
import { io } from '../vendor/socket.io.js';
import { Refusal } from '../common/session.js';

const ANSWER_MS = 10000;
const QUEUED_MS = 40000; // what must arrive waits for the socket, as a call does for its people

/**
 * Connects. `token()` is asked at each connection. `onState(state, more)`: `connected`
 * `{recovered}`, `lost`, or `refused` `{message, code}`, after which nothing is tried any more.
 */
export function wire({ token, onState }) {
  const socket = io({
    auth: (give) => give({ token: token() }),
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 3000,
  });
  let timer = 0;
  let isOver = false;

  socket.on('connect', () => onState('connected', { recovered: socket.recovered }));
  socket.on('disconnect', (reason) => {
    if (isOver) return;
    // The server gave this device up and says so: the token expired.
    if (reason === 'io server disconnect') refuse('Your sign-in has expired.', 'unauthorized');
    else onState('lost');
  });
  socket.on('connect_error', (error) => {
    if (isOver) return;
    if (socket.active) return; // the library tries again
    const code =
      error.data?.code ?? (error.message === 'Authentication error' ? 'unauthorized' : 'failed');
    if (code === 'unauthorized') {
      refuse('Your sign-in has expired.', code);
      return;
    }
    onState('lost', { message: error.message, code });
    clearTimeout(timer);
    timer = setTimeout(() => socket.connect(), 5000);
  });

  function refuse(message, code) {
    close();
    onState('refused', { message, code });
  }

  function close() {
    isOver = true;
    clearTimeout(timer);
    socket.disconnect();
  }

  async function emit(event, data, ms) {
    let answer;
    try {
      answer = await socket.timeout(ms).emitWithAck(event, data);
    } catch {
      throw new Refusal('The server did not answer.', 'timeout');
    }
    if (answer?.ok) return answer;
    throw new Refusal(answer?.error ?? 'Refused', answer?.code ?? 'failed');
  }

  return {
    /** This device, as others in a session see it. */
    get id() {
      return socket.id;
    },
    get isConnected() {
      return socket.connected;
    },
    on: (event, fn) => socket.on(event, fn),
    off: (event, fn) => socket.off(event, fn),

    /** Asks now; returns the acknowledgement or throws a `Refusal`. */
    ask(event, data) {
      if (socket.connected) return emit(event, data, ANSWER_MS);
      return Promise.reject(new Refusal('You are offline.', 'not_connected'));
    },

    /** Asks as soon as there is a connection. */
    tell: (event, data) => emit(event, data, QUEUED_MS),

    close,
  };
}
