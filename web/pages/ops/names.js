// What users are called, as far as somebody has said.
import { rest } from '../common/session.js';

const known = new Map();
const asked = new Set();

/** Learns names from `[{userId, username}]`. */
export function learn(people) {
  for (const { userId, username } of people) if (username) known.set(userId, username);
}

/** The name of a user, or the id. */
export const nameOf = (id) => known.get(id) ?? id;

/** Asks for those of `ids` that nobody has named yet, once; true when something was learnt. */
export async function askFor(ids) {
  const unknown = ids.filter((id) => !known.has(id) && !asked.has(id)).slice(0, 100);
  if (!unknown.length) return false;
  unknown.forEach((id) => asked.add(id));
  const found = await rest('GET', `/api/users?ids=${unknown.map(encodeURIComponent).join(',')}`);
  learn(found.map(({ _id, username }) => ({ userId: _id, username })));
  return found.length > 0;
}
