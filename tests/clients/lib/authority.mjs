// Certificates for servers of the tests, made by openssl: an authority, and what it signs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export class Authority {
  #folder = mkdtempSync(join(tmpdir(), 'carillon-authority-'));

  constructor(name = 'an authority of the tests') {
    const files = ['-keyout', this.#path('ca.key'), '-out', this.file];
    this.#openssl('req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name}`, ...files);
  }

  /** The authority's own certificate, for those who trust it. */
  get file() {
    return this.#path('ca.pem');
  }

  /** A key and a certificate for these names, as `{key, cert}`. */
  issue(names = 'IP:127.0.0.1,DNS:localhost') {
    const request = this.#path('request.pem');
    const key = this.#path('server.key');
    const cert = this.#path('server.pem');
    const extensions = this.#path('extensions');
    writeFileSync(extensions, `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
    this.#openssl('req', '-new', ...newKey, '-subj', '/CN=server', '-keyout', key, '-out', request);
    this.#openssl(
      ...['x509', '-req', '-in', request, '-CA', this.file, '-CAkey', this.#path('ca.key')],
      ...['-CAcreateserial', '-days', '2', '-extfile', extensions, '-out', cert],
    );
    return { key: readFileSync(key), cert: readFileSync(cert) };
  }

  #path(name) {
    return join(this.#folder, name);
  }

  #openssl(...args) {
    execFileSync('openssl', args, { stdio: 'pipe' });
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
