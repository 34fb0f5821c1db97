// A mobile app's video service as the documentation of the API describes it: tokens and users from
// the server, media by a client of Stream's SDK, and each step told to the server. The SDK's client
// needs a phone, so `MediaClient` stands in its place and keeps what it was asked for.
import assert from 'node:assert/strict';
import jwt from 'jsonwebtoken';
import { newCall } from './video.mjs';

class MediaClient {
  calls = [];

  /** As the SDK's, it takes only a user with the token that is made for it. */
  constructor({ apiKey, user, token }) {
    assert.ok(apiKey, 'no API key');
    assert.equal(jwt.decode(token).user_id, user.id, 'the token is of another user');
    for (const field of ['id', 'name', 'image']) assert.equal(typeof user[field], 'string', field);
    this.user = user;
  }

  call(type, id) {
    const call = { type, id, log: [] };
    call.join = async (options = {}) => call.log.push(options.create ? 'created' : 'joined');
    call.leave = async () => call.log.push('left');
    this.calls.push(call);
    return call;
  }
}

/** The service of one user of the app. */
export class VideoService {
  #base;
  #bearer;
  #media;

  constructor(base) {
    this.#base = `${base}/video`;
  }

  async #send(method, path, body) {
    const headers = { Authorization: `Bearer ${this.#bearer}` };
    if (method !== 'GET') headers['Content-Type'] = 'application/json';
    const answer = await fetch(this.#base + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    const content = await answer.json();
    if (!answer.ok) {
      throw Object.assign(new Error(content.error), { status: answer.status, content });
    }
    return content;
  }

  /** Who this is, and with what the SDK speaks to Stream. */
  async initialize(bearer) {
    this.#bearer = bearer;
    const { token, api_key: apiKey, user_id: userId } = await this.#send('POST', '/token');
    const { user_data: user } = await this.#send('GET', '/user');
    assert.equal(user.id, userId);
    this.#media = new MediaClient({ apiKey, user, token });
    return this.#media;
  }

  /** Metadata first, then the call itself, then what the server keeps of it. */
  async createCall(callId = newCall(), type = 'default', members = []) {
    const body = { call_id: callId, call_type: type, members };
    const metadata = await this.#send('POST', '/calls', body);
    const call = this.#media.call(type, callId);
    await call.join({ create: true });
    const status = await this.#send('PATCH', `/calls/${callId}/status`, { status: 'active' });
    const joined = await this.trackJoin(callId);
    return { call, metadata, status, joined };
  }

  async joinCall(callId, type = 'default') {
    const call = this.#media.call(type, callId);
    await call.join();
    return { call, joined: await this.trackJoin(callId) };
  }

  async leaveCall(call) {
    await call.leave();
    return this.trackLeave(call.id);
  }

  trackJoin(callId) {
    return this.#send('POST', `/calls/${callId}/join`);
  }

  trackLeave(callId) {
    return this.#send('POST', `/calls/${callId}/leave`);
  }

  getCallHistory(limit = 25, offset = 0) {
    return this.#send('GET', `/calls/history?limit=${limit}&offset=${offset}`);
  }

  getActiveCalls() {
    return this.#send('GET', '/calls/active');
  }
}
