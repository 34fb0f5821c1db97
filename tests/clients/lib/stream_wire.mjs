// Whether a request to Stream is one that Stream's own SDK would have sent: compared with what that
// SDK sends (data/stream_wire.json).
import { readFileSync } from 'node:fs';

const url = new URL('../data/stream_wire.json', import.meta.url);
const wire = JSON.parse(readFileSync(url, 'utf8'));

/** With these, the server's token is the one of the samples. */
export const { apiKey, secret } = wire;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Headers that have to be as the SDK sends them. */
const fixed = ['accept', 'content-type', 'authorization', 'stream-auth-type'];

/** Members that the SDK's users may give, and the samples' did not. */
const more = {
  users: {},
  open: {},
  message: { message: { id: 'text', attachments: [{}] } },
  update: { data: { frozen: true } },
};

const kindOf = (value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

/** What is wrong with `value`, whose members and their kinds have to be those of `sample`. */
function differences(sample, value, also = {}, where = '') {
  if (kindOf(sample) !== kindOf(value)) return [`${where} is ${kindOf(value)}`];
  if (kindOf(value) === 'array') {
    return value.flatMap((each, n) => differences(sample[0], each, {}, `${where}[${n}]`));
  }
  if (kindOf(value) !== 'object') return [];
  const wrong = Object.keys(sample)
    .filter((name) => !(name in value))
    .map((name) => `${where}.${name} is missing`);
  for (const [name, member] of Object.entries(value)) {
    const path = `${where}.${name}`;
    if (name in sample) wrong.push(...differences(sample[name], member, also[name], path));
    else if (!(name in also)) wrong.push(`${path} is too much`);
    else if (kindOf(member) !== kindOf(also[name])) wrong.push(`${path} is ${kindOf(member)}`);
  }
  return wrong;
}

/** As `differences`, for users, whose ids are the names of the members. */
function userDifferences({ users }, value) {
  const sample = Object.values(users)[0];
  if (kindOf(value?.users) !== 'object') return ['no users'];
  return Object.entries(value.users).flatMap(([id, user]) => [
    ...differences(sample, user, {}, `users.${id}`),
    ...(user.id === id ? [] : [`users.${id} has another id`]),
  ]);
}

/** Which of the SDK's requests a path is for: `{kind, channel}`; nothing: none of them. */
export function kindOfPath(path) {
  if (path === '/users') return { kind: 'users' };
  const match = /^\/channels\/messaging\/(call-[^/]+)(?:\/(query|message))?$/.exec(path);
  if (!match) return undefined;
  const kind = { query: 'open', message: 'message' }[match[2]] ?? 'update';
  return { kind, channel: decodeURIComponent(match[1]) };
}

/** What of the client's own is in its headers: who it is, and no wish for a compressed answer. */
const isCarillon = (headers) =>
  /^carillon-\S+$/.test(headers['x-stream-client']) &&
  /^carillon\/\S+$/.test(headers['user-agent']) &&
  !('accept-encoding' in headers);

/**
 * What a request has that the SDK's have not, or the other way round, in words. `bySdk`: it is the
 * SDK's own.
 */
export function complaintsAbout(kind, { method, query, headers }, body, bySdk = false) {
  const sample = wire.requests[kind];
  const wrong = [];
  const expect = (holds, what) => holds || wrong.push(`${kind}: ${what}`);
  expect(method === sample.method, `method ${method}`);
  expect(query === `api_key=${sample.query.api_key}`, `query ${query}`);
  for (const name of fixed) {
    expect(headers[name] === sample.headers[name], `${name}: ${headers[name]}`);
  }
  expect(UUID.test(headers['x-client-request-id']), 'x-client-request-id');
  expect(bySdk || isCarillon(headers), `headers ${Object.keys(headers)}`);
  expect('content-length' in headers, 'no content-length');
  const found =
    kind === 'users'
      ? userDifferences(sample.body, body)
      : differences(sample.body, body, more[kind]);
  return [...wrong, ...found.map((what) => `${kind}: ${what}`)];
}
