// What stands in the store itself, whichever it is: for what no answer of the server shows, and to
// bring deadlines nearer while the server is down.
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { psql } from './postgres.mjs';

const run = promisify(execFile);

const python = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=10)
db.row_factory = sqlite3.Row
with db:
    print(json.dumps([dict(row) for row in db.execute(sys.argv[2])]))
`;

/** The rows of one statement, as objects; an UPDATE needs RETURNING. */
export async function rows(server, sql) {
  if (server.database) {
    const text = `WITH t AS (${sql}) SELECT coalesce(json_agg(t), '[]') FROM t`;
    return JSON.parse(await psql(server.database.url, text));
  }
  const { stdout } = await run('python3', ['-c', python, join(server.dataDir, 'carillon.db'), sql]);
  return JSON.parse(stdout);
}

/** A text as SQL. */
export const quoted = (text) => `'${String(text).replaceAll("'", "''")}'`;

/** A time, in ms since 1970, as the store's SQL. */
export const timeIn = (server, ms) => (server.database ? `to_timestamp(${ms / 1000})` : `${ms}`);

/** A time of a row, in ms since 1970; null: null. */
export const msOf = (value) => (typeof value === 'string' ? Date.parse(value) : value);

/** The row of a video call. */
export const callRow = async (server, callId) =>
  (await rows(server, `SELECT * FROM video_calls WHERE call_id = ${quoted(callId)}`))[0];

/** The rows of those who ever were in a video call, in the order of their joining. */
export const peopleRows = (server, callId) =>
  rows(
    server,
    `SELECT p.* FROM video_call_participants AS p JOIN video_calls AS c ON c.id = p.call_id
     WHERE c.call_id = ${quoted(callId)} ORDER BY p.joined_at, p.position`,
  );

/** Whether `text` stands anywhere in what the store and the server keep in files (SQLite only). */
export const isOnDisk = (server, text) =>
  readdirSync(server.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name)).includes(text));
