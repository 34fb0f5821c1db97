// Networks that blink: devices behind a proxy that is cut, and what they have to get afterwards.
import { newUser } from './calls.mjs';
import { Device } from './device.mjs';
import { CuttableProxy } from './proxy.mjs';

/** Options of a client that comes back by itself, and soon. */
export const returning = {
  reconnection: true,
  reconnectionDelay: 20,
  reconnectionDelayMax: 50,
  randomizationFactor: 0,
};

/** A proxy, and the server as it is behind it. */
export async function behindProxy(server) {
  const proxy = await CuttableProxy.open({ port: server.port, host: '127.0.0.1' });
  return { proxy, behind: proxy.inFrontOf(server) };
}

/** Two devices; Bob's, opened with `bobs`, is behind the proxy. */
export async function pairWithProxy(server, options, bobs = options) {
  const { proxy, behind } = await behindProxy(server);
  const alice = await Device.open(server, newUser('alice'), options);
  const bob = await Device.open(behind, newUser('bob'), bobs);
  return { alice, bob, proxy };
}

/** The numbers of the candidates among the events of a device, in their order. */
export const candidates = (events) =>
  events.filter(({ name }) => name === 'receiveIceCandidate').map(({ data }) => data.candidate.n);

/** 0 to `count` - 1. */
export const upTo = (count) => Array.from({ length: count }, (_, n) => n);
