// Tests of a server whose PostgreSQL can be taken away, and given back.
import { after, afterEach, before, beforeEach, describe } from 'node:test';
import { closeAll, settled } from './cleanup.mjs';
import { addressOf, postgresUrl, scratchDatabase, skipPostgres, withDatabase } from './postgres.mjs';
import { CuttableProxy } from './proxy.mjs';
import { Server } from './server.mjs';

/**
 * Declares `body(site)`. Each of its tests has a fresh `site.server`, which reaches `site.database` through
 * `site.proxy`; these two stay for all tests.
 */
export function withStoreBehindProxy(name, env, body) {
  describe(name, { skip: skipPostgres }, () => {
    const site = {};
    before(async () => {
      site.database = await scratchDatabase();
      site.proxy = await CuttableProxy.open(addressOf(postgresUrl));
      settled(site.proxy); // it stays for all tests
    });
    beforeEach(async () => {
      const address = { host: '127.0.0.1', port: site.proxy.port };
      const databaseUrl = withDatabase(postgresUrl, site.database.name, address);
      site.server = await Server.start({ databaseUrl, env });
    });
    afterEach(async () => {
      await closeAll();
      site.proxy.mend();
      await site.server?.stop();
    });
    after(async () => {
      site.proxy?.close();
      await site.database?.drop();
    });
    body(site);
  });
}
