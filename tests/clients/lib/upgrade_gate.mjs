// A TCP proxy that holds back the WebSockets of clients until it is told to let them through: what
// happens between the handshake over polling and the upgrade is then the test's to say.
import net from 'node:net';
import { opened, settled } from './cleanup.mjs';

export class UpgradeGate {
  #sockets = new Set();
  #held = [];
  #open = false;

  static async open(server) {
    const gate = opened(new UpgradeGate());
    gate.listener = net.createServer((client) => gate.#accept(client, server.port));
    await new Promise((done) => gate.listener.listen(0, '127.0.0.1', done));
    gate.port = gate.listener.address().port;
    return gate;
  }

  #accept(client, port) {
    this.#keep(client);
    client.once('data', (head) => {
      client.pause();
      const pass = () => {
        const upstream = this.#keep(net.connect(port, '127.0.0.1'));
        upstream.write(head);
        client.pipe(upstream);
        upstream.pipe(client);
        client.on('close', () => upstream.destroy());
        upstream.on('close', () => client.destroy());
      };
      if (this.#open || !/^upgrade: *websocket/im.test(head.toString('latin1'))) pass();
      else this.#held.push(pass);
    });
  }

  #keep(socket) {
    this.#sockets.add(socket);
    socket.setNoDelay();
    socket.on('error', () => undefined); // the close tells
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }

  /** How many WebSockets wait. */
  get waiting() {
    return this.#held.length;
  }

  /** Lets the WebSockets through, those that come later too. */
  release() {
    this.#open = true;
    for (const pass of this.#held.splice(0)) pass();
  }

  /** The server behind this proxy, for a `Device`. */
  inFrontOf(server) {
    return Object.create(server, { port: { value: this.port } });
  }

  close() {
    settled(this);
    for (const socket of this.#sockets) socket.destroy();
    this.listener.close();
  }
}
