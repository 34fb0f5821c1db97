// One set of tests for each combination of store and client.
import { after, afterEach, before, describe } from 'node:test';
import { closeAll } from './cleanup.mjs';
import { clients } from './device.mjs';
import { skipPostgres } from './postgres.mjs';
import { Server } from './server.mjs';

/** How long one test may take. */
export const TEST_MS = 60000;

/** Settings with which no test runs into a rate; those that are about rates have their own. */
export const noLimits = {
  LIMITS_COSTLY_PER_MINUTE: '0',
  LIMITS_REST_PER_SECOND: '0',
  LIMITS_SOCKET_EVENTS_PER_SECOND: '0',
};

/**
 * Declares `body({server, client, store})` for each store and client. `server()` is the running
 * server, which all tests of one store share; `env` and `args` are its settings.
 */
export function suite(name, { stores = ['sqlite'], env, args, versions } = {}, body) {
  for (const store of stores) {
    const skip = store === 'postgres' ? skipPostgres : false;
    describe(`${name} (${store})`, { skip }, () => {
      let server;
      before(async () => {
        server = await Server.start({ store, env, args });
      });
      after(async () => {
        await closeAll();
        await server?.stop();
      });
      for (const client of versions ?? Object.keys(clients)) {
        describe(`socket.io-client ${client}`, () => {
          afterEach(closeAll);
          body({ server: () => server, client, store });
        });
      }
    });
  }
}

export const bothStores = ['sqlite', 'postgres'];

/** A test that runs `body` with a server of its own, which has no rates. */
export const withServer = (store, env, body) => async () => {
  const server = await Server.start({ store, env: { ...noLimits, ...env } });
  try {
    await body(server);
  } finally {
    await closeAll();
    await server.stop();
  }
};

/** As after a power cut: all devices are gone, and what was not written. */
export async function crashAndRestart(server) {
  await server.crash();
  await closeAll();
  await server.launch();
}
