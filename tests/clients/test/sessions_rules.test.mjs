// Who may begin and join which session, and with what.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import {
  assemble,
  BASE,
  crowd,
  defaultSettings,
  details,
  endSession,
  enter,
  fenceAll,
  fenceByInvitation,
  idOf,
  initiate,
  joinAll,
  leave,
  nextOf,
  personIn,
  refusedEvent,
  refusedOf,
  relays,
} from '../lib/sessions.mjs';
import { offlineUser } from '../lib/records.mjs';
import { request } from '../lib/rest.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';

const latest = { env: noLimits, versions: ['latest'] };

suite('beginning a session', latest, ({ server }) => {
  it('refuses what makes no session', { timeout: TEST_MS }, async () => {
    const alice = await Device.open(server(), newUser('alice'));
    const bob = await offlineUser(server(), 'bob');
    const good = { sessionType: 'group', participants: [bob] };
    const many = await Promise.all(Array.from({ length: 8 }, () => offlineUser(server())));
    for (const [more, code, named] of [
      [{ sessionType: 'conference' }, 'invalid_field', 'sessionType'],
      [{ sessionType: undefined }, 'invalid_field', 'sessionType'],
      [{ participants: undefined }, 'invalid_field', 'participants'],
      [{ participants: bob }, 'invalid_field', 'participants'],
      [{ participants: [] }, 'invalid_field', 'participants'],
      [{ participants: [7] }, 'invalid_field', 'participants'],
      [{ participants: [alice.user] }, 'invalid_field', 'participants'],
      [{ participants: [bob, 'nobody-here'] }, 'unknown_participant', 'nobody-here'],
      [{ participants: many }, 'too_many_participants', ''],
      [{ callSettings: 'loud' }, 'invalid_field', 'callSettings'],
      [{ callSettings: { isVideoEnabled: 'yes' } }, 'invalid_field', 'isVideoEnabled'],
      [{ callSettings: { allowScreenShare: 1 } }, 'invalid_field', 'allowScreenShare'],
      [{ metadata: 'text' }, 'invalid_field', 'metadata'],
      [{ metadata: { title: 7 } }, 'invalid_field', 'title'],
      [{ metadata: { tags: 'a' } }, 'invalid_field', 'tags'],
      [{ metadata: { tags: [7] } }, 'invalid_field', 'tags'],
      [{ metadata: { description: 'x'.repeat(9000) } }, 'invalid_field', 'metadata'],
      [{ sessionType: 'therapy' }, 'invalid_field', 'therapySessionId'],
      [{ maxParticipants: 1 }, 'invalid_field', 'maxParticipants'],
      [{ maxParticipants: 9 }, 'invalid_field', 'maxParticipants'],
      [{ maxParticipants: '4' }, 'invalid_field', 'maxParticipants'],
      [
        { sessionType: 'one-to-one', participants: many.slice(0, 2) },
        'invalid_field',
        'participants',
      ],
    ]) {
      const body = { ...good, ...more };
      const answer = await refusedOf(server(), alice, 'POST', '/initiate', body, 400, code);
      assert.ok(answer.message.includes(named), `${JSON.stringify(more)}: ${answer.message}`);
      assert.ok(!('error' in answer), 'details outside development');
    }
    await refusedOf(server(), alice, 'POST', '/initiate', '{', 400, 'invalid_json');
    await refusedOf(server(), null, 'POST', '/initiate', good, 401, 'unauthorized');
    await fenceByInvitation(server(), alice.user, alice);
    assert.deepEqual(alice.takeNames(), []);
  });

  it('gives settings and metadata back as they were sent', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2);
    const callSettings = { isAudioEnabled: false, isRecordingEnabled: true, isVideoEnabled: false };
    const metadata = { title: 'Ünï "t" \u2028', description: '', tags: [], more: { kept: [1] } };
    const data = await initiate(server(), alice, [bob], { callSettings, metadata });
    const all = { ...defaultSettings, ...callSettings };
    const invitation = await nextOf(bob, data.sessionId, 'call_invitation');
    const joined = await enter(bob, data.sessionId);
    const session = await details(server(), alice, data.sessionId);
    for (const place of [data, invitation, joined, session]) {
      assert.deepEqual(place.callSettings, all);
      assert.deepEqual(place.metadata, metadata);
    }
    // A leg begins with what the settings say.
    const [person] = joined.participants;
    assert.deepEqual([person.hasVideo, person.hasAudio], [false, false]);
  });

  it('names each user once, and the initiator never', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2);
    const participants = [bob, alice, bob];
    const data = await initiate(server(), alice, participants, { sessionType: 'one-to-one' });
    const session = await details(server(), bob, data.sessionId);
    const users = session.participants.map(({ userId }) => userId);
    assert.deepEqual(users, [alice.user, bob.user]);
    assert.equal(session.sessionType, 'one-to-one');
  });

  it('has one live session for each therapy session', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await crowd(server(), 3);
    const therapySessionId = newUser('therapy');
    const therapy = { sessionType: 'therapy', therapySessionId };
    const first = await initiate(server(), alice, [bob], therapy);
    const session = await details(server(), bob, first.sessionId);
    assert.equal(session.sessionType, 'therapy');
    assert.equal(session.therapySessionId, therapySessionId);
    const body = { ...therapy, participants: [bob.user] };
    for (const who of [alice, carol]) {
      const code = 'therapy_session_live';
      const answer = await refusedOf(server(), who, 'POST', '/initiate', body, 409, code);
      assert.equal(answer.message, 'Therapy session is already in progress');
    }
    await endSession(server(), alice, first.sessionId);
    const second = await initiate(server(), carol, [bob], therapy);
    assert.notEqual(second.sessionId, first.sessionId);
    // Of two at once, one is live.
    const other = { therapySessionId: `${therapySessionId}+`, participants: [carol.user] };
    const answers = await Promise.all(
      [alice, bob].map(({ user }) =>
        request(server(), user, 'POST', `${BASE}/initiate`, { ...therapy, ...other }),
      ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
  });
});

suite('joining a session', latest, ({ server }) => {
  it('is for those who were named', { timeout: TEST_MS }, async () => {
    const [alice, bob, mallory] = await crowd(server(), 3);
    const { sessionId } = await initiate(server(), alice, [bob]);
    const path = `/join/${sessionId}`;
    const answer = await refusedOf(server(), mallory, 'POST', path, undefined, 403, 'not_invited');
    assert.equal(answer.message, 'Not invited to this session');
    await refusedEvent(mallory, 'join_call_session', { sessionId }, 'not_invited');
    const shown = `/session/${sessionId}`;
    await refusedOf(server(), mallory, 'GET', shown, undefined, 403, 'not_invited');
    await joinAll([alice, bob], sessionId);
  });

  it('needs a session that lives', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2);
    const { sessionId } = await initiate(server(), alice, [bob]);
    await endSession(server(), alice, sessionId);
    await nextOf(bob, sessionId, 'call_session_ended');
    for (const id of [sessionId, 'call_1234567890123_abcdef123', 'nonsense', 'x'.repeat(300)]) {
      const code = 'session_not_found';
      const answer = await refusedOf(server(), bob, 'POST', `/join/${id}`, undefined, 404, code);
      assert.equal(answer.message, 'Session not found');
      await refusedEvent(bob, 'join_call_session', { sessionId: id }, code);
      await refusedEvent(bob, 'leave_call_session', { sessionId: id }, code);
      await refusedEvent(bob, 'media_state_changed', { sessionId: id, hasVideo: true }, code);
      for (const [event, field] of Object.entries(relays)) {
        const data = { sessionId: id, targetUserId: alice.user, [field]: { sdp: 'x' } };
        await refusedEvent(bob, event, data, code);
      }
    }
    for (const event of ['join_call_session', 'leave_call_session', ...Object.keys(relays)]) {
      const ack = await refusedEvent(bob, event, {}, 'session_id_required');
      assert.equal(ack.error, 'sessionId required');
    }
  });

  it('finds a session full, until somebody leaves', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await crowd(server(), 3);
    const { sessionId, maxParticipants } = await initiate(server(), alice, [bob, carol], {
      maxParticipants: 2,
    });
    assert.equal(maxParticipants, 2);
    await joinAll([alice, bob], sessionId);
    const path = `/join/${sessionId}`;
    const full = await refusedOf(server(), carol, 'POST', path, undefined, 409, 'session_full');
    assert.equal(full.message, 'Session full');
    await refusedEvent(carol, 'join_call_session', { sessionId }, 'session_full');
    await enter(bob, sessionId); // is in, so this is no new seat
    await leave(bob, sessionId);
    await enter(carol, sessionId);
    await refusedEvent(bob, 'join_call_session', { sessionId }, 'session_full');
  });

  it('twice from one device is the same again', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2);
    const { sessionId } = await assemble(server(), [alice, bob]);
    const again = await enter(bob, sessionId);
    assert.equal(again.participants.length, 2);
    await fenceAll([alice, bob], sessionId);
    assert.deepEqual(alice.takeNames(), []);
    // A new peer id is told.
    const renamed = await enter(bob, sessionId, { peerId: 'another' });
    const told = await nextOf(alice, sessionId, 'user_joined_call');
    assert.equal(told.peerId, 'another');
    assert.equal(told.socketId, idOf(bob));
    assert.ok(told.version > again.version && renamed.version === told.version);
    for (const peerId of [7, 'x'.repeat(129), {}]) {
      await refusedEvent(bob, 'join_call_session', { sessionId, peerId }, 'invalid_field');
    }
  });

  it('after leaving goes on with the same entry', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2);
    const { sessionId } = await assemble(server(), [alice, bob]);
    const before = personIn(await details(server(), bob, sessionId), bob);
    await leave(bob, sessionId);
    const gone = personIn(await details(server(), bob, sessionId), bob);
    assert.equal(gone.isActive, false);
    assert.ok(gone.leftAt);
    await refusedEvent(bob, 'leave_call_session', { sessionId }, 'not_authorized');
    await enter(bob, sessionId);
    const session = await details(server(), bob, sessionId);
    assert.equal(session.status, 'active');
    assert.equal(session.participants.length, 2);
    const back = personIn(session, bob);
    assert.equal(back.joinedAt, before.joinedAt);
    assert.deepEqual([back.leftAt, back.isActive], [null, true]);
  });
});
