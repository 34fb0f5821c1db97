// A TCP proxy that can be cut: to take a database away from the server under test, or the server from
// its clients.
import net from 'node:net';
import { opened, settled } from './cleanup.mjs';

export class CuttableProxy {
  #pairs = new Set();
  #orphans = new Set();
  #state = 'open';

  /** Listens on a free port and passes everything on to `target` (as for `net.connect`). */
  static async open(target) {
    const proxy = opened(new CuttableProxy());
    proxy.listener = net.createServer((client) => proxy.#accept(client, target));
    await new Promise((done) => proxy.listener.listen(0, '127.0.0.1', done));
    proxy.port = proxy.listener.address().port;
    return proxy;
  }

  #accept(client, target) {
    client.on('error', () => undefined);
    if (this.#state === 'cut') return client.destroy();
    const upstream = net.connect(target);
    const both = [client, upstream];
    this.#pairs.add(both);
    const end = () => {
      if (this.#orphans.has(upstream)) return;
      this.#pairs.delete(both);
      for (const socket of both) socket.destroy();
    };
    for (const socket of both) {
      socket.on('error', end);
      socket.on('close', end);
    }
    client.pipe(upstream);
    upstream.pipe(client);
    if (this.#state === 'frozen') this.#hold(both);
    return undefined;
  }

  #hold([client, upstream]) {
    client.unpipe(upstream);
    upstream.unpipe(client);
    client.pause();
    upstream.pause();
  }

  /** Breaks every connection and lets no new one through. */
  cut() {
    this.#state = 'cut';
    for (const both of [...this.#pairs]) for (const socket of both) socket.destroy();
  }

  /** Keeps every connection open and passes nothing on. */
  freeze() {
    this.#state = 'frozen';
    for (const both of this.#pairs) this.#hold(both);
  }

  /**
   * Breaks every connection for the client alone: the other side hears nothing of it, as when a phone
   * changes its network. New ones pass.
   */
  orphan() {
    for (const both of [...this.#pairs]) {
      const [client, upstream] = both;
      this.#hold(both);
      this.#orphans.add(upstream);
      this.#pairs.delete(both);
      upstream.on('close', () => this.#orphans.delete(upstream));
      upstream.resume(); // read, and thrown away
      client.destroy();
    }
  }

  /** How many connections the other side still has that `orphan` took from their clients. */
  get orphans() {
    return this.#orphans.size;
  }

  /** Lets everything through again. */
  mend() {
    if (this.#state === 'frozen') {
      for (const [client, upstream] of this.#pairs) {
        client.pipe(upstream);
        upstream.pipe(client);
      }
    }
    this.#state = 'open';
  }

  /** The server behind this proxy, for a `Device`. */
  inFrontOf(server) {
    return Object.create(server, { port: { value: this.port } });
  }

  close() {
    settled(this);
    this.cut();
    for (const upstream of this.#orphans) upstream.destroy();
    this.listener?.close();
  }
}
