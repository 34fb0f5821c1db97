// The direct calls: who may do what, and who is told. The same rules, words and confirmations as carillon's.
import { randomUUID } from 'node:crypto';

const ringTimeoutMs = 45_000;

/** A refusal that the client is told of. */
export class Refusal extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/** All users and live calls of this process. */
export class Calls {
  #store;
  #users = new Map(); // id -> {profile, sockets, call}
  #calls = new Map(); // id -> call

  constructor(store) {
    this.#store = store;
  }

  /** A socket of a user came. */
  connect(socket, profile) {
    let user = this.#users.get(profile._id);
    if (!user) {
      user = { profile, sockets: new Set(), call: null };
      this.#users.set(profile._id, user);
    }
    user.profile = profile;
    user.sockets.add(socket);
    const call = user.call;
    socket.emit('callState', { calls: call ? [this.#stateOf(call, user)] : [] });
    if (call?.state === 'ringing' && call.to === user) socket.emit('incomingCall', this.#ringOf(call));
    return user;
  }

  /** A socket of a user went: a call that was bound to it is over. */
  disconnect(user, socket) {
    user.sockets.delete(socket);
    const call = user.call;
    if (call && (call.fromSocket === socket || call.toSocket === socket)) {
      const status = call.state === 'active' ? 'completed' : 'cancelled';
      this.#finish(call, status, 'connection-lost', user).catch(report);
    }
  }

  async initiate(user, socket, { receiverId, callType = 'audio' } = {}) {
    if (typeof receiverId !== 'string') throw new Refusal('receiverId required', 'receiver_id_required');
    if (callType !== 'audio' && callType !== 'video') throw new Refusal('Invalid callType', 'invalid_call_type');
    const to = this.#users.get(receiverId);
    if (!to) throw new Refusal('Receiver not found', 'receiver_not_found');
    if (to === user) throw new Refusal('Cannot call yourself', 'cannot_call_yourself');
    if (user.call) throw new Refusal('Already in a call', 'caller_busy');
    const call = this.#make(user, socket, to, callType);
    if (to.call) return this.#miss(call, 'callRejected', { callId: call.id, receiverId, reason: 'busy' });
    if (to.sockets.size === 0)
      return this.#miss(call, 'userNotAvailable', { message: 'User is not available', receiverId, callId: call.id });
    user.call = call;
    to.call = call;
    this.#calls.set(call.id, call);
    call.timer = setTimeout(() => this.#finish(call, 'missed', 'no-answer', null).catch(report), ringTimeoutMs);
    this.#tell(to, 'incomingCall', this.#ringOf(call));
    call.stored = this.#store.begin(call);
    await call.stored;
    socket.emit('callInitiated', { callId: call.id, receiverId, callType });
    return { callId: call.id };
  }

  async accept(user, socket, { callId } = {}) {
    const call = this.#find(callId);
    if (call.to !== user) throw new Refusal('Not authorized', 'not_authorized');
    if (call.state !== 'ringing') throw new Refusal('Call already processed', 'call_already_processed');
    clearTimeout(call.timer);
    call.state = call.status = 'active';
    call.startedAt = new Date();
    call.toSocket = socket;
    socket.emit('callAcceptedConfirm', { callId });
    for (const other of user.sockets) if (other !== socket) other.emit('callAnsweredElsewhere', { callId });
    await call.stored; // on each device callInitiated comes before anything else of the call
    call.fromSocket.emit('callAccepted', { callId, receiverId: user.profile._id });
    return { callId };
  }

  async reject(user, socket, { callId } = {}) {
    const call = this.#find(callId);
    if (call.to !== user) throw new Refusal('Not authorized', 'not_authorized');
    if (call.state !== 'ringing') throw new Refusal('Call already processed', 'call_already_processed');
    await this.#close(call, 'rejected', 'rejected', user);
    socket.emit('callRejectedConfirm', { callId });
    call.fromSocket.emit('callRejected', { callId, receiverId: user.profile._id });
    return { callId };
  }

  async end(user, socket, { callId } = {}) {
    const call = this.#find(callId);
    if (call.from !== user && call.to !== user) throw new Refusal('Not authorized', 'not_authorized');
    const ringing = call.state === 'ringing';
    const status = ringing ? (call.from === user ? 'cancelled' : 'rejected') : 'completed';
    await this.#finish(call, status, ringing ? status : 'ended', user);
    socket.emit('callEndedConfirm', { callId, status, duration: call.duration });
    return { callId };
  }

  /** Hands an offer, an answer or a candidate to the device at the other end. */
  relay(user, socket, event, field, data) {
    const call = this.#calls.get(data?.callId);
    if (!call) throw new Refusal('Call not found', 'call_not_found');
    const other = call.fromSocket === socket ? call.toSocket : call.toSocket === socket ? call.fromSocket : null;
    if (!other) throw new Refusal('Not authorized', 'not_authorized');
    other.emit(event, { [field]: data[field], from: user.profile._id, callId: call.id });
  }

  #make(from, socket, to, type) {
    return {
      id: randomUUID(), caller: from.profile._id, receiver: to.profile._id, type,
      state: 'ringing', status: 'no-answer', reason: null, duration: 0, endedBy: null,
      createdAt: new Date(), startedAt: null, endedAt: null,
      from, to, fromSocket: socket, toSocket: null, stored: null, timer: null,
    };
  }

  #find(callId) {
    if (typeof callId !== 'string') throw new Refusal('callId required', 'call_id_required');
    const call = this.#calls.get(callId);
    if (!call) throw new Refusal('Call not found', 'call_not_found');
    return call;
  }

  #tell(user, event, data) {
    for (const socket of user.sockets) socket.emit(event, data);
  }

  /** A call that nobody could be rung for. */
  async #miss(call, event, data) {
    Object.assign(call, { state: 'ended', status: 'missed', reason: event, endedAt: new Date() });
    await this.#store.begin(call);
    await this.#store.end(call);
    call.fromSocket.emit(event, data);
    return { callId: call.id };
  }

  /** Ends a call and frees both users; resolves when that is stored. */
  #close(call, status, reason, by) {
    clearTimeout(call.timer);
    const now = new Date();
    const duration = call.startedAt ? Math.floor((now - call.startedAt) / 1000) : 0;
    Object.assign(call, { state: 'ended', status, reason, duration, endedBy: by?.profile._id ?? null, endedAt: now });
    this.#calls.delete(call.id);
    call.from.call = null;
    call.to.call = null;
    return call.stored.then(() => this.#store.end(call));
  }

  #finish(call, status, reason, by) {
    const stored = this.#close(call, status, reason, by);
    const told = { callId: call.id, endedBy: call.endedBy, reason, duration: call.duration };
    this.#tell(call.from, 'callEnded', told);
    this.#tell(call.to, 'callEnded', told);
    return stored;
  }

  #ringOf(call) {
    const caller = { ...call.from.profile, isOnline: call.from.sockets.size > 0 };
    return { callId: call.id, callerId: call.caller, callType: call.type, caller };
  }

  #stateOf(call, user) {
    const isCaller = call.from === user;
    return {
      callId: call.id, kind: 'direct', state: call.state, role: isCaller ? 'caller' : 'receiver',
      peer: isCaller ? call.receiver : call.caller,
    };
  }
}

function report(error) {
  console.error('store:', error.message);
}
