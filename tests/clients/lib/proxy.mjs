// A TCP proxy that can be cut: to take a database away from the server under test.
import net from 'node:net';

export class CuttableProxy {
  #pairs = new Set();
  #state = 'open';

  /** Listens on a free port and passes everything on to `target` (as for `net.connect`). */
  static async open(target) {
    const proxy = new CuttableProxy();
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

  close() {
    this.cut();
    this.listener.close();
  }
}
