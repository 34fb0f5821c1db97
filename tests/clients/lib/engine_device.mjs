// A device on engine.io-client alone: Socket.IO packets written and read as text.
import { Socket } from 'engine.io-client';
import { opened, settled } from './cleanup.mjs';
import { Inbox } from './inbox.mjs';
import { token } from './token.mjs';

export class EngineDevice extends Inbox {
  /** `options` are those of engine.io-client. */
  static async open(server, user, options = {}) {
    const device = opened(new EngineDevice(server, user));
    device.socket = new Socket(server.url, { path: '/socket.io/', ...options });
    device.socket.on('open', () =>
      device.socket.send(`0${JSON.stringify({ token: token(user) })}`),
    );
    device.socket.on('message', (text) => device.#take(text));
    device.socket.on('close', (reason) => device.arrived('(disconnect)', reason));
    device.connection = await device.next('(connect)');
    device.callState = await device.next('callState');
    return device;
  }

  #asked = new Map();
  #lastId = 0;

  #take(text) {
    const [, type, id, json] = /^(\d)(\d*)(.*)$/s.exec(text);
    const content = json === '' ? undefined : JSON.parse(json);
    if (type === '0') this.arrived('(connect)', content);
    else if (type === '2') this.arrived(content[0], content[1]);
    else if (type === '3') this.#asked.get(Number(id))?.(content[0]);
    else this.arrived(`(packet ${type})`, content);
  }

  get transport() {
    return this.socket.transport.name;
  }

  emit(name, data) {
    this.socket.send(`2${JSON.stringify([name, data])}`);
  }

  request(name, args, done) {
    const id = this.#lastId++;
    this.#asked.set(id, done);
    this.socket.send(`2${id}${JSON.stringify([name, ...args])}`);
  }

  close() {
    settled(this);
    this.socket.send('1');
    this.socket.close();
  }
}
