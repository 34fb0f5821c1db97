// The testing flow of the direct-call guide, for any two devices.
import assert from 'node:assert/strict';
import { recordOf } from './rest.mjs';

export const offer = {
  type: 'offer',
  sdp: 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n',
};
export const answer = {
  type: 'answer',
  sdp: 'v=0\r\no=- 3 4 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n',
};
export const candidate = (n) => ({
  candidate: `candidate:${n} 1 udp 2122260223 192.0.2.${n} 5000 typ host`,
  sdpMid: '0',
  sdpMLineIndex: 0,
});

/** Offer, answer and three candidates each way. */
export async function negotiate(caller, receiver, callId) {
  caller.emit('sendOffer', { to: receiver.user, offer, callId });
  assert.deepEqual(await receiver.next('receiveOffer'), { offer, from: caller.user, callId });
  receiver.emit('sendAnswer', { to: caller.user, answer, callId });
  assert.deepEqual(await caller.next('receiveAnswer'), { answer, from: receiver.user, callId });
  for (const [from, to] of [
    [caller, receiver],
    [receiver, caller],
  ]) {
    for (const n of [1, 2, 3]) {
      from.emit('sendIceCandidate', { to: to.user, candidate: candidate(n), callId });
    }
    for (const n of [1, 2, 3]) {
      assert.deepEqual(await to.next('receiveIceCandidate'), {
        candidate: candidate(n),
        from: from.user,
        callId,
      });
    }
  }
}

/** What both histories have to show of a completed call. */
export async function checkCompleted(server, caller, receiver, callId, callType) {
  for (const [who, direction] of [
    [caller, 'outgoing'],
    [receiver, 'incoming'],
  ]) {
    const record = await recordOf(server, who.user, callId);
    assert.ok(record, `no record for ${who.user}`);
    assert.equal(record.status, 'completed');
    assert.equal(record.callType, callType);
    assert.equal(record.direction, direction);
    assert.equal(record.isMissed, false);
    assert.equal(record.callerId._id, caller.user);
    assert.equal(record.receiverId._id, receiver.user);
    assert.ok(Number.isInteger(record.duration) && record.duration >= 0);
    const [created, started, ended] = [record.createdAt, record.startedAt, record.endedAt].map(
      (text) => {
        assert.equal(new Date(text).toISOString(), text);
        return Date.parse(text);
      },
    );
    assert.ok(created <= started && started <= ended);
    assert.equal(record.duration, Math.floor((ended - started) / 1000));
  }
}

/** From initiateCall to the history, with nothing else reaching either device. */
export async function wholeCall(server, caller, receiver) {
  caller.emit('initiateCall', { receiverId: receiver.user, callType: 'video' });
  const initiated = await caller.next('callInitiated');
  const { callId } = initiated;
  assert.deepEqual(initiated, { callId, receiverId: receiver.user, callType: 'video' });
  const incoming = await receiver.next('incomingCall');
  assert.equal(incoming.callId, callId);
  assert.equal(incoming.callerId, caller.user);
  assert.equal(incoming.callType, 'video');
  assert.equal(incoming.caller.username, caller.user);
  assert.equal(incoming.caller.isOnline, true);
  assert.ok('email' in incoming.caller && 'images' in incoming.caller);

  receiver.emit('acceptCall', { callId });
  assert.deepEqual(await receiver.next('callAcceptedConfirm'), { callId });
  assert.deepEqual(await caller.next('callAccepted'), { callId, receiverId: receiver.user });
  await negotiate(caller, receiver, callId);

  receiver.emit('endCall', { callId });
  const confirmation = await receiver.next('callEndedConfirm');
  assert.equal(confirmation.callId, callId);
  assert.equal(confirmation.status, 'completed');
  for (const device of [caller, receiver]) {
    const ended = await device.next('callEnded');
    assert.equal(ended.callId, callId);
    assert.equal(ended.endedBy, receiver.user);
    assert.equal(ended.duration, confirmation.duration);
    assert.equal(typeof ended.reason, 'string');
  }
  await checkCompleted(server, caller, receiver, callId, 'video');
  assert.deepEqual(caller.takeNames(), []);
  assert.deepEqual(receiver.takeNames(), []);
}
