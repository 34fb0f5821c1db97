// Where calls are kept: one row each, written when the call begins and when it ends.
import pg from 'pg';

const schema = `
  CREATE TABLE IF NOT EXISTS node_calls (
    id uuid PRIMARY KEY,
    caller_id text NOT NULL,
    receiver_id text NOT NULL,
    call_type text NOT NULL,
    status text NOT NULL,
    end_reason text,
    duration_s integer NOT NULL DEFAULT 0,
    ended_by text,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz
  );
  CREATE INDEX IF NOT EXISTS node_calls_by_caller ON node_calls (caller_id, created_at DESC);
  CREATE INDEX IF NOT EXISTS node_calls_by_receiver ON node_calls (receiver_id, created_at DESC);
`;

// Named, so that each connection prepares them once.
const begin = {
  name: 'begin',
  text: `INSERT INTO node_calls (id, caller_id, receiver_id, call_type, status, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
};
const end = {
  name: 'end',
  text: `UPDATE node_calls SET status = $2, end_reason = $3, duration_s = $4, ended_by = $5, started_at = $6,
                               ended_at = $7
         WHERE id = $1`,
};
const history = {
  name: 'history',
  text: `SELECT * FROM ((SELECT * FROM node_calls WHERE caller_id = $1 ORDER BY created_at DESC LIMIT $2)
                  UNION ALL
                  (SELECT * FROM node_calls WHERE receiver_id = $1 ORDER BY created_at DESC LIMIT $2)) AS mine
         ORDER BY created_at DESC LIMIT $2`,
};

/** Keeps calls in PostgreSQL. */
class PostgresStore {
  #pool;

  constructor(url, connections) {
    this.#pool = new pg.Pool({ connectionString: url, max: connections });
    this.#pool.on('error', (error) => console.error('database:', error.message));
  }

  async open() {
    await this.#pool.query(schema);
  }

  begin(call) {
    return this.#pool.query({
      ...begin,
      values: [call.id, call.caller, call.receiver, call.type, call.status, call.createdAt],
    });
  }

  end(call) {
    return this.#pool.query({
      ...end,
      values: [call.id, call.status, call.reason, call.duration, call.endedBy, call.startedAt, call.endedAt],
    });
  }

  async history(user, limit) {
    const { rows } = await this.#pool.query({ ...history, values: [user, limit] });
    return rows;
  }

  close() {
    return this.#pool.end();
  }
}

const done = Promise.resolve();

/** Keeps nothing. */
const noStore = {
  open: () => done,
  begin: () => done,
  end: () => done,
  history: () => Promise.resolve([]),
  close: () => done,
};

/** The store with this name: `none` or `postgres`. */
export function makeStore(name, url, connections) {
  if (name === 'none') return noStore;
  if (name === 'postgres' && url) return new PostgresStore(url, connections);
  throw new Error('--store is none or postgres, and postgres needs DATABASE_URL');
}
