// A device on Debian's python3-socketio, in a process of its own.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { opened, settled } from './cleanup.mjs';
import { Inbox } from './inbox.mjs';
import { token } from './token.mjs';

/** Debian's own, for which the package is: another one may come first in the PATH. */
export const PYTHON = '/usr/bin/python3';

const script = fileURLToPath(new URL('../python/device.py', import.meta.url));

export class PythonDevice extends Inbox {
  /** `kind`: 'sync' (threads) or 'async' (asyncio). `transports`: a list; undefined: the library's. */
  static async open(server, user, { kind = 'sync', transports } = {}) {
    const device = opened(new PythonDevice(server, user));
    const more = transports ? [transports.join()] : [];
    device.child = spawn(PYTHON, [script, kind, server.url, token(user), ...more], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    createInterface({ input: device.child.stdout }).on('line', (line) => device.#take(line));
    device.child.stderr
      .setEncoding('utf8')
      .on('data', (text) => device.events.push({ name: '(stderr)', data: text }));
    device.child.on('exit', (code) => device.arrived('(exit)', code));
    device.child.stdin.on('error', () => undefined); // the exit tells
    await device.next('(connect)');
    device.callState = await device.next('callState');
    device.transport = await device.next('(transport)');
    return device;
  }

  #asked = new Map();
  #lastId = 0;

  #take(line) {
    const { event, data, ack } = JSON.parse(line);
    if (ack !== undefined) this.#asked.get(ack)?.(data);
    else this.arrived(event, data);
  }

  #write(command) {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
  }

  emit(name, data) {
    this.#write([name, data]);
  }

  request(name, [data], done) {
    const id = ++this.#lastId;
    this.#asked.set(id, done);
    this.#write([name, data, id]);
  }

  /** Says goodbye; the process has to end well. */
  async close() {
    settled(this);
    this.#write(null);
    this.child.stdin.end();
    const stuck = setTimeout(() => this.child.kill('SIGKILL'), 10000);
    const code = await this.next('(exit)').finally(() => clearTimeout(stuck));
    if (code !== 0) throw new Error(`the Python client ended with ${code}\n${this.describe()}`);
  }
}
