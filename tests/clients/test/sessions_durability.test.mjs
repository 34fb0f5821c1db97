// Sessions over crashes and restarts: what was confirmed is there, legs are picked up again.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { ok } from '../lib/rest.mjs';
import {
  assemble,
  BASE,
  checkLists,
  crowd,
  details,
  endSession,
  enter,
  fenceAll,
  fenceByInvitation,
  hearOfMove,
  idOf,
  initiate,
  leave,
  listAt,
  nextOf,
  pageOf,
  personIn,
  refusedOf,
} from '../lib/sessions.mjs';
import { bothStores, crashAndRestart, TEST_MS, withServer } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';

/** New devices of the users of these. */
const again = (server, devices) =>
  Promise.all(devices.map(({ user }) => Device.open(server, user)));

for (const store of bothStores) {
  const skip = store === 'postgres' ? skipPostgres : false;

  describe(`sessions over a crash (${store})`, { skip }, () => {
    it(
      'what was confirmed is there',
      { timeout: TEST_MS },
      withServer(store, {}, async (server) => {
        const [alice, bob] = await crowd(server, 2);
        const callSettings = { isAudioEnabled: false };
        const metadata = { title: 'kept', tags: ['x'] };
        const more = { callSettings, metadata };
        const { sessionId, expiresAt } = await initiate(server, alice, [bob], more);
        await crashAndRestart(server);
        let session = await details(server, alice, sessionId);
        assert.equal(session.status, 'waiting');
        assert.deepEqual(session.metadata, metadata);
        assert.equal(session.callSettings.isAudioEnabled, false);

        // The invitation is told again; a join, media by both doors, and a leave.
        const [a, b] = await again(server, [alice, bob]);
        assert.equal((await nextOf(b, sessionId, 'call_invitation')).expiresAt, expiresAt);
        await enter(a, sessionId, { peerId: 'peer' });
        await a.must('media_state_changed', { sessionId, hasAudio: true });
        const path = `${BASE}/session/${sessionId}/media`;
        await ok(server, alice.user, 'PUT', path, { isScreenSharing: true });
        await crashAndRestart(server);
        session = await details(server, bob, sessionId);
        const person = personIn(session, alice);
        const { isActive, peerId, hasVideo, hasAudio, isScreenSharing } = person;
        assert.deepEqual(
          { isActive, peerId, hasVideo, hasAudio, isScreenSharing },
          { isActive: true, peerId: 'peer', hasVideo: true, hasAudio: true, isScreenSharing: true },
        );

        const [a2, b2] = await again(server, [alice, bob]);
        await nextOf(a2, sessionId, 'call_session_joined');
        await enter(b2, sessionId);
        await leave(a2, sessionId);
        await crashAndRestart(server);
        session = await details(server, bob, sessionId);
        assert.equal(personIn(session, alice).isActive, false);
        assert.ok(personIn(session, alice).leftAt);
        assert.equal(session.status, 'active');

        const { data } = await endSession(server, alice, sessionId);
        await crashAndRestart(server);
        session = await details(server, bob, sessionId);
        assert.deepEqual([session.status, session.endedBy], ['ended', alice.user]);
        assert.equal(session.duration, data.duration);
        const page = await pageOf(server, bob);
        assert.equal(page.sessions[0].sessionId, sessionId);
        const [last] = await again(server, [bob]);
        assert.deepEqual(last.callState, { calls: [] });
      }),
    );

    it(
      'those inside find one another again',
      { timeout: TEST_MS },
      withServer(store, {}, async (server) => {
        const devices = await crowd(server, 4);
        const { sessionId } = await assemble(server, devices);
        const before = devices.map((device) => listAt(device, sessionId).version);
        const sockets = devices.map(idOf);
        await crashAndRestart(server);
        const back = [];
        for (const [n, { user }] of devices.entries()) {
          const device = await Device.open(server, user);
          const [state] = device.callState.calls;
          assert.deepEqual([state.callId, state.state, state.joined], [sessionId, 'active', true]);
          const joined = await nextOf(device, sessionId, 'call_session_joined');
          // The others keep their place while their grace lasts.
          assert.equal(joined.participants.length, devices.length);
          assert.ok(joined.version > Math.max(...before), 'the list went back over the crash');
          await hearOfMove(back, sessionId, device, sockets[n]);
          back.push(device);
        }
        await fenceAll(back, sessionId);
        checkLists(back, sessionId);
        const names = back.flatMap(({ events }) => events.map(({ name }) => name));
        assert.ok(!names.includes('user_left_call'));
        const session = await details(server, back[0], sessionId);
        assert.ok(session.participants.every((person) => person.isActive));
      }),
    );

    it(
      'who does not come back leaves, and the last one ends it',
      { timeout: TEST_MS },
      withServer(store, { RECONNECT_GRACE_SECONDS: '2' }, async (server) => {
        const [alice, bob, carol] = await crowd(server, 3);
        const { sessionId } = await assemble(server, [alice, bob, carol]);
        const others = await crowd(server, 2);
        const empty = await assemble(server, others);
        await crashAndRestart(server);
        const [back] = await again(server, [alice]);
        await nextOf(back, sessionId, 'call_session_joined');
        const gone = [
          await nextOf(back, sessionId, 'user_left_call'),
          await nextOf(back, sessionId, 'user_left_call'),
        ];
        assert.deepEqual(gone.map(({ userId }) => userId).sort(), [bob.user, carol.user].sort());
        assert.ok(gone.every(({ reason }) => reason === 'connection-lost'));
        checkLists([back], sessionId);
        await eventually('the session that all left has ended', async () => {
          const session = await details(server, others[0], empty.sessionId);
          return session.status === 'ended' && session.endReason === 'connection-lost';
        });
      }),
    );

    it(
      'deadlines and reservations go on',
      { timeout: TEST_MS },
      withServer(store, { RING_TIMEOUT_SECONDS: '3' }, async (server) => {
        const [alice, bob] = await crowd(server, 2);
        const therapySessionId = newUser('therapy');
        const therapy = { sessionType: 'therapy', therapySessionId };
        const { sessionId } = await initiate(server, alice, [bob], therapy);
        await crashAndRestart(server);
        const body = { ...therapy, participants: [alice.user] };
        const code = 'therapy_session_live';
        await refusedOf(server, bob, 'POST', '/initiate', body, 409, code);
        await eventually('nobody came, and it is over', async () => {
          const session = await details(server, bob, sessionId);
          return session.status === 'ended' && session.endReason === 'no-answer';
        });
        await initiate(server, bob, [alice], therapy);
      }),
    );

    it(
      'after SIGTERM everybody comes back by themselves',
      { timeout: TEST_MS },
      withServer(store, {}, async (server) => {
        const options = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };
        const devices = await crowd(server, 3, options);
        const { sessionId } = await assemble(server, devices);
        await server.terminate();
        for (const device of devices) await device.next('(disconnect)');
        await server.launch();
        for (const device of devices) {
          await device.next('(connect)');
          await nextOf(device, sessionId, 'call_session_joined');
        }
        await fenceAll(devices, sessionId);
        for (const device of devices) {
          await fenceByInvitation(server, device.user, device);
          assert.ok(device.events.every(({ name }) => name !== 'user_left_call'));
        }
        // Who came first was told of those who came after.
        checkLists(devices, sessionId);
      }),
    );
  });
}
