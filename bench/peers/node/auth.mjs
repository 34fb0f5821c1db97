// Who a token belongs to.
import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';

const userClaims = ['sub', 'user_id', 'userId', 'id', '_id'];

/** A function that turns a token into a user, or throws. A key object, since a string is turned into one anew for each token. */
export function tokenReader(secret) {
  const key = createSecretKey(Buffer.from(secret, 'utf8'));
  const options = { algorithms: ['HS256'], clockTolerance: 60 };
  return (token) => {
    const claims = jwt.verify(token, key, options);
    const id = userClaims.map((name) => claims[name]).find((value) => value !== undefined);
    if (typeof id !== 'string' || id === '') throw new Error('no user id');
    const email = claims.email ?? null;
    return {
      _id: id,
      username: claims.name ?? claims.username ?? email?.split('@')[0] ?? id,
      email,
      images: claims.picture ?? claims.image ? [claims.picture ?? claims.image] : [],
    };
  };
}
