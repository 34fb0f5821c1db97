// Scratch databases in the PostgreSQL that CARILLON_TEST_POSTGRES names. `psql` makes them, so that
// the tests need no database driver of their own.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const postgresUrl = process.env.CARILLON_TEST_POSTGRES ?? '';

const required = process.env.CI === 'true' || process.env.CARILLON_REQUIRE_POSTGRES === '1';

if (required && !postgresUrl) {
  throw new Error('CARILLON_TEST_POSTGRES names no database, and this run has to have one');
}

/** The reason to skip tests that need PostgreSQL; false when they can run. */
export const skipPostgres = postgresUrl ? false : 'CARILLON_TEST_POSTGRES is not set';

export async function psql(url, sql) {
  const { stdout } = await run('psql', [url, '-XqtA', '-v', 'ON_ERROR_STOP=1', '-c', sql]);
  return stdout.trim();
}

/** The same URL with another database, and with another host and port where they are given. */
export function withDatabase(url, name, address) {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  if (address) {
    changed.host = `${address.host}:${address.port}`;
    changed.searchParams.delete('host');
    changed.searchParams.delete('port');
  }
  return changed.href;
}

/** Where the server of `url` listens: for `net.connect`. */
export function addressOf(url) {
  const parsed = new URL(url);
  const host = parsed.searchParams.get('host') ?? decodeURIComponent(parsed.hostname);
  const port = Number(parsed.searchParams.get('port') ?? (parsed.port || 5432));
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}

/** A new, empty database; `drop()` removes it, whoever is still connected. */
export async function scratchDatabase() {
  const name = `carillon_clients_${randomBytes(6).toString('hex')}`;
  await psql(postgresUrl, `CREATE DATABASE ${name}`);
  return {
    name,
    url: withDatabase(postgresUrl, name),
    drop: () => psql(postgresUrl, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}
