// One carillon process on a free port, with a data directory of its own.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { scratchDatabase } from './postgres.mjs';
import { SECRET } from './token.mjs';
import { within } from './waiting.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const release = resolve(here, '../../../build/release');

export const carillonPath = process.env.CARILLON_BIN ?? join(release, 'carillon');
export const loadPath = process.env.CARILLON_LOAD ?? join(dirname(carillonPath), 'carillon-load');

/** What a server of the tests has in its environment: nothing of the surroundings but these. */
const environment = (more) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  JWT_SECRET: SECRET,
  ...more,
});

/** Runs `carillon` to its end: `{code, stdout, stderr}`. */
export async function carillon(args, env = {}) {
  try {
    const done = await promisify(execFile)(carillonPath, args, {
      env: environment(env),
      timeout: 20000,
    });
    return { code: 0, ...done };
  } catch (error) {
    if (typeof error.code !== 'number') throw error;
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

export class Server {
  /**
   * `store`: 'sqlite' or 'postgres' (a scratch database). `env`: settings. `databaseUrl`: instead
   * of the store's own. `args`: more flags.
   */
  static async start({ store = 'sqlite', env = {}, databaseUrl, args = [] } = {}) {
    const server = new Server();
    server.dataDir = mkdtempSync(join(tmpdir(), 'carillon-clients-'));
    server.env = { ...env };
    server.args = args;
    if (databaseUrl) server.env.DATABASE_URL = databaseUrl;
    else if (store === 'postgres') {
      server.database = await scratchDatabase();
      server.env.DATABASE_URL = server.database.url;
    }
    await server.launch(0);
    return server;
  }

  output = '';
  port = 0;

  /** Starts the process (again, after it was ended) on `port`; 0: any. */
  async launch(port = this.port) {
    const args = ['serve', '--port', String(port), '--data-dir', this.dataDir, ...this.args];
    const child = spawn(carillonPath, args, {
      env: environment(this.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.ended = new Promise((done) => {
      child.once('exit', (code, signal) => done({ code, signal }));
      child.once('error', (error) => done({ code: null, signal: null, error }));
    });
    const listening = new Promise((done, refuse) => {
      const read = (text) => {
        this.output += text;
        const line = /event=listening\b.*?\bport=(\d+)/.exec(text);
        if (line) done(Number(line[1]));
      };
      let partial = '';
      child.stderr.setEncoding('utf8').on('data', (chunk) => {
        const lines = (partial + chunk).split('\n');
        partial = lines.pop();
        for (const line of lines) read(`${line}\n`);
      });
      child.stdout.setEncoding('utf8').on('data', (chunk) => (this.output += chunk));
      this.ended.then((how) => refuse(new Error(`the server ended: ${JSON.stringify(how)}`)));
    });
    try {
      this.port = await within(listening, 'the server to listen');
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`${error.message}\n${this.tail()}`);
    }
  }

  get url() {
    const scheme = this.env.TLS_CERTIFICATE ? 'https' : 'http';
    return `${scheme}://127.0.0.1:${this.port}`;
  }

  get pid() {
    return this.child.pid;
  }

  get isRunning() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The last lines of the server's log, for messages of failures. */
  tail(lines = 25) {
    return `--- server log\n${this.output.split('\n').slice(-lines).join('\n')}`;
  }

  /** SIGTERM; the server has to end well, and in the time that is promised. */
  async terminate() {
    const begun = Date.now();
    this.child.kill('SIGTERM');
    const how = await within(this.ended, 'the server to end', 15000, () => this.tail());
    assert.deepEqual(how, { code: 0, signal: null }, this.tail());
    const took = Date.now() - begun;
    assert.ok(took < 10000, `ended after ${took} ms`);
  }

  /** SIGKILL: as a crash. */
  async crash() {
    this.child.kill('SIGKILL');
    await within(this.ended, 'the killed server to end');
  }

  /** Ends the server and removes what it left. Fails when the server had crashed before. */
  async stop() {
    try {
      assert.ok(this.isRunning, `the server was gone before its end\n${this.tail()}`);
      await this.terminate();
    } finally {
      if (this.isRunning) await this.crash();
      rmSync(this.dataDir, { recursive: true, force: true });
      await this.database?.drop();
    }
  }
}
