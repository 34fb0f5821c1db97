// Who is signed in, and asking the server as that user. The token stays in this tab's
// sessionStorage: two tabs may be two users, and a reload stays signed in.

const KEY = 'carillon.session';
const lost = new Set();
let session;

/** What the server refused, in its own words. */
export class Refusal extends Error {
  constructor(message, code, status = 0, retryAfter = 0) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** `{token, user: {id, name, role}}`, or null. */
export function current() {
  if (session === undefined) {
    try {
      session = JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      session = null; // written by nobody we know
    }
  }
  return session;
}

function keep(next) {
  session = next;
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next));
  else sessionStorage.removeItem(KEY);
}

/** What a token says of its user; the server alone decides whether it is good. */
export function claimsOf(token) {
  try {
    const part = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    const text = atob(part.padEnd(Math.ceil(part.length / 4) * 4, '='));
    const claims = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0))),
    );
    const id = claims.sub ?? claims.user_id ?? claims.userId ?? claims.id ?? claims._id;
    if (typeof id !== 'string' || !id) throw new Error('nobody');
    const name = claims.name ?? claims.username ?? claims.email?.split('@')[0] ?? id;
    return { id, name, role: claims.role ?? null };
  } catch {
    throw new Refusal('This is not a token.', 'unauthorized');
  }
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function once(method, path, body, token) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refusal('The server cannot be reached.', 'unreachable');
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const seconds = Number(answer.headers.get('retry-after'));
  const words = said.message ?? said.error ?? `The server answered ${answer.status}.`;
  throw new Refusal(words, said.code ?? 'unknown', answer.status, seconds || 0);
}

async function ask(method, path, body, token) {
  try {
    return await once(method, path, body, token);
  } catch (refusal) {
    if (refusal.status !== 429 && refusal.status !== 503) throw refusal;
    await wait(Math.min(Math.max(refusal.retryAfter, 1), 5) * 1000);
    return once(method, path, body, token);
  }
}

/**
 * Asks as the user who is signed in; returns the whole answer, for what stands beside `data`.
 * Throws a `Refusal`. "Too often" and "not now" are asked once more. A token that is no longer good
 * signs out.
 */
export async function answerOf(method, path, body) {
  const asked = session?.token;
  try {
    return await ask(method, path, body, asked);
  } catch (refusal) {
    if (refusal.status === 401 && asked && asked === session?.token) {
      signOut('Your sign-in has expired.');
    }
    throw refusal;
  }
}

/** The same, and returns `data` of the answer. */
export const rest = async (method, path, body) => (await answerOf(method, path, body)).data;

/**
 * The users that may be entered without a token: `{users, operator}`, or null where there are none.
 */
export async function demo() {
  try {
    return (await ask('GET', '/api/demo/users')).data;
  } catch (refusal) {
    if (refusal.status === 404 || refusal.status === 401) return null;
    throw refusal;
  }
}

/**
 * Signs in with `{token}` or as the demo user `{demo}`; returns the session or throws a `Refusal`.
 */
export async function signIn({ token, demo: user }) {
  if (user) {
    const { data } = await ask('POST', '/api/demo/session', { user });
    const { role } = claimsOf(data.token);
    keep({ token: data.token, user: { id: data.user._id, name: data.user.username, role } });
    return session;
  }
  const given = token.trim().replace(/^Bearer\s+/i, '');
  const user_ = claimsOf(given);
  await ask('GET', '/api/calls/missed?limit=1', undefined, given);
  keep({ token: given, user: user_ });
  return session;
}

/** Forgets the token. `why` is a word for the sign-in, if there is one. */
export function signOut(why = '') {
  if (!current()) return;
  keep(null);
  for (const listener of [...lost]) listener(why);
}

/** Calls `fn(why)` when somebody was signed out. */
export function onSignedOut(fn) {
  lost.add(fn);
  return () => lost.delete(fn);
}
