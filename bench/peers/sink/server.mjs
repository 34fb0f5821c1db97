// In the place of Stream's servers, for the load: an HTTPS server that takes whatever is sent to it,
// or never answers. `node server.mjs [--port P] [--ca FILE] [--hang]` makes a certificate of its own,
// writes it to FILE, and prints the port.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    ca: { type: 'string', default: 'sink.pem' },
    hang: { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'carillon-sink-'));
const key = join(folder, 'key.pem');
execFileSync(
  'openssl',
  [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-days', '2', '-subj', '/CN=sink', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', key, '-out', values.ca],
  ],
  { stdio: 'pipe' },
);
const certificate = { key: readFileSync(key), cert: readFileSync(values.ca) };
rmSync(folder, { recursive: true });

let taken = 0;
const answer = '{"duration":"0.00ms"}';
const headers = { 'content-type': 'application/json', 'content-length': answer.length };

const server = https.createServer(certificate, (request, response) => {
  request.resume();
  request.on('end', () => {
    if (values.hang) return;
    ++taken;
    response.writeHead(201, headers).end(answer);
  });
});
server.keepAliveTimeout = 60000;
server.listen(Number(values.port), '127.0.0.1', () => console.log(server.address().port));
process.on('SIGTERM', () => {
  console.log(`${taken} requests taken`);
  process.exit(0);
});
