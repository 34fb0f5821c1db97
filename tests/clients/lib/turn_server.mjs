// A coturn on the loopback address that shares a secret with the server under test.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE_MS, within } from './waiting.mjs';

/** False, or why there can be none; where everything is required it is, too. */
export function skipTurn() {
  try {
    execFileSync('turnserver', ['--version'], { stdio: 'ignore' });
    return false;
  } catch (error) {
    if (process.env.CI === 'true' || process.env.CARILLON_REQUIRE_POSTGRES === '1') throw error;
    return 'coturn is not installed';
  }
}

/** A UDP socket on a free port of the loopback address. */
const udp = () =>
  new Promise((done) => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1', () => done(socket));
  });

async function freePort() {
  const socket = await udp();
  const { port } = socket.address();
  await new Promise((done) => socket.close(done));
  return port;
}

/** Asks for our address (RFC 5389, section 6) until an answer comes: the server is there. */
async function answersStun(port) {
  const socket = await udp();
  const question = Buffer.concat([Buffer.from('000100002112a442', 'hex'), randomBytes(12)]);
  const answered = new Promise((done) => socket.once('message', done));
  socket.on('error', () => undefined); // nobody listens yet
  const asking = setInterval(() => socket.send(question, port, '127.0.0.1'), 50);
  try {
    await within(answered, 'an answer from the TURN server');
  } finally {
    clearInterval(asking);
    socket.close();
  }
}

export class TurnServer {
  /** Starts one that takes credentials made with `secret`. */
  static async start(secret) {
    const turn = new TurnServer();
    turn.directory = mkdtempSync(join(tmpdir(), 'carillon-turn-'));
    turn.port = await freePort();
    const args = [
      '-n', // no configuration file
      '--use-auth-secret',
      `--static-auth-secret=${secret}`,
      '--realm=carillon.test',
      '--allow-loopback-peers',
      '--no-cli',
      '--listening-ip=127.0.0.1',
      '--relay-ip=127.0.0.1',
      `--listening-port=${turn.port}`,
      '--no-tls',
      '--no-dtls',
      '--log-file=stdout',
      `--userdb=${join(turn.directory, 'users')}`,
      `--pidfile=${join(turn.directory, 'pid')}`,
    ];
    turn.child = spawn('turnserver', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    turn.ended = new Promise((done) => {
      turn.child.once('exit', done);
      turn.child.once('error', (error) => {
        turn.output += error;
        done();
      });
    });
    for (const stream of [turn.child.stdout, turn.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (turn.output += text));
    }
    try {
      await answersStun(turn.port);
    } catch (error) {
      await turn.stop();
      throw new Error(`${error.message}\n${turn.output}`);
    }
    return turn;
  }

  output = '';

  get url() {
    return `turn:127.0.0.1:${this.port}`;
  }

  /**
   * Two clients allocate with these credentials and send each other messages through it (coturn's
   * own client): `{accepted, output}`.
   */
  async relays({ username, credential }) {
    const messages = 2;
    const args = ['-y', '-c', '-n', messages, '-m', 1, '-u', username, '-w', credential];
    const all = [...args, '-p', this.port, '127.0.0.1'].map(String);
    return new Promise((done) => {
      execFile('turnutils_uclient', all, { timeout: 2 * PATIENCE_MS }, (error, stdout, stderr) => {
        const output = stdout + stderr;
        const counts = [...output.matchAll(/tot_recv_msgs=(\d+)/g)].map(([, text]) => Number(text));
        const accepted = !error && counts.at(-1) === 2 * messages;
        done({ accepted, output });
      });
    });
  }

  async stop() {
    this.child.kill('SIGTERM');
    await within(this.ended, 'the TURN server to end');
    rmSync(this.directory, { recursive: true, force: true });
  }
}
