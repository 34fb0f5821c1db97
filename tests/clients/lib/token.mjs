// JSON Web Tokens made by hand: the tests need wrong ones as well as right ones.
import { createHmac, sign } from 'node:crypto';

export const SECRET = 'a secret of the client tests, long enough for HS256';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

/** Any header and claims, signed by `signer(text)`, which returns base64url. */
export function rawToken(header, claims, signer) {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${signer(text)}`;
}

export const hs256 = (secret) => (text) =>
  createHmac('sha256', secret).update(text).digest('base64url');

/** A signer for RS256 (RSA key) or ES256 (P-256 key). */
export const withKey = (key) => (text) =>
  sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');

/** A good token of `user` for an hour; `claims` add to it or replace what it has. */
export function token(user, claims = {}, secret = SECRET) {
  const all = { sub: user, iat: now(), exp: now() + 3600, ...claims };
  return rawToken({ alg: 'HS256', typ: 'JWT' }, all, hs256(secret));
}

/** A token of `user` whose `exp` is `seconds` from now (negative: ago). */
export const tokenExpiring = (user, seconds) => token(user, { exp: now() + seconds });
