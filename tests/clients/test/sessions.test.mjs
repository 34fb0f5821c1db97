// Eight people in one session, from the invitation to the history.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  assemble,
  BASE,
  checkLists,
  crowd,
  defaultSettings,
  details,
  enter,
  fenceAll,
  fenceByInvitation,
  idOf,
  initiate,
  leave,
  nextOf,
  pageOf,
  personIn,
  relays,
  SESSION_ID,
  wiretap,
} from '../lib/sessions.mjs';
import { ok } from '../lib/rest.mjs';
import { bothStores, noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';

const seats = 8;

const mediaConstraints = {
  video: {
    width: { min: 320, ideal: 640, max: 1280 },
    height: { min: 240, ideal: 480, max: 720 },
    frameRate: { min: 15, ideal: 24, max: 30 },
  },
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  screen: {
    video: {
      mediaSource: 'screen',
      width: { max: 1920 },
      height: { max: 1080 },
      frameRate: { max: 15 },
    },
    audio: false,
  },
};

const isTime = (text) => assert.equal(new Date(text).toISOString(), text);

/** What a client sends to another one: different for each pair and each event. */
const valueFrom = (from, to, field) => ({
  type: field,
  sdp: `v=0\r\no=- ${from} ${to} IN IP4 127.0.0.1\r\ns=- "ü\u2028\\\u{1f600}"\r\n`,
  numbers: [0.1, -2.5e-7, 1e21, from, to],
  nested: { sessionId: 'not this one', empty: {}, list: [[], null, true] },
});

/** The list entry of a participant who just came in. */
function checkPerson(person, device, sharing = false) {
  isTime(person.joinedAt);
  assert.deepEqual(person, {
    userId: device.user,
    username: device.user,
    socketId: idOf(device),
    peerId: `peer of ${device.user}`,
    joinedAt: person.joinedAt,
    isActive: true,
    hasVideo: true,
    hasAudio: true,
    isScreenSharing: sharing,
  });
}

/** What everybody but the initiator gets, and nobody else. */
async function checkInvitations(devices, data) {
  const [host, ...others] = devices;
  for (const device of others) {
    const invitation = await device.next('call_invitation');
    const { images } = invitation.initiator;
    assert.deepEqual(invitation, {
      sessionId: data.sessionId,
      sessionType: 'group',
      initiator: {
        _id: host.user,
        userId: host.user,
        username: host.user,
        email: null,
        images,
        isOnline: true,
      },
      callSettings: defaultSettings,
      metadata: { title: 'Eight', tags: ['a', 'b'] },
      expiresAt: data.expiresAt,
    });
    assert.ok(images.length > 0);
  }
}

/** One after the other: the right to join over REST, then the leg by socket. */
async function joinOneByOne(server, devices, data) {
  const { sessionId } = data;
  let version = 0;
  for (const [n, device] of devices.entries()) {
    const may = await ok(server, device.user, 'POST', `${BASE}/join/${sessionId}`);
    assert.equal(may.message, 'Ready to join call session');
    assert.equal(may.data.status, n < 2 ? 'waiting' : 'active');
    assert.equal(may.data.participants.length, n);
    assert.deepEqual(may.data.mediaConstraints, mediaConstraints);
    assert.deepEqual(may.data.callSettings, defaultSettings);
    assert.ok(may.data.version >= version);
    const joined = await enter(device, sessionId, { peerId: `peer of ${device.user}` });
    assert.ok(joined.version > version);
    version = joined.version;
    assert.equal(joined.sessionType, 'group');
    assert.deepEqual(joined.callSettings, defaultSettings);
    assert.deepEqual(joined.metadata, { title: 'Eight', tags: ['a', 'b'] });
    assert.deepEqual(joined.mediaConstraints, mediaConstraints);
    assert.deepEqual(joined.iceServers, may.data.iceServers);
    assert.ok(joined.iceServers.length > 0);
    assert.equal(joined.participants.length, n + 1);
    for (const [i, person] of joined.participants.entries()) checkPerson(person, devices[i]);
    const [own] = joined.participants.slice(-1);
    for (const earlier of devices.slice(0, n)) {
      const told = await nextOf(earlier, sessionId, 'user_joined_call');
      const { isActive, ...rest } = own;
      assert.deepEqual(told, { sessionId, ...rest, version: joined.version });
      assert.ok(isActive);
    }
  }
}

/** Each sends an offer, an answer and a candidate to each: all of them arrive as they were sent. */
async function negotiateAll(devices, sessionId) {
  const taps = devices.map(wiretap);
  const pairs = [];
  for (const [i, from] of devices.entries()) {
    for (const [j, to] of devices.entries()) {
      if (i === j) continue;
      pairs.push([from, to, taps[j], i, j]);
      for (const [event, field] of Object.entries(relays)) {
        // By socket id and by user id in turn.
        const target = (i + j) % 2 ? { targetSocketId: idOf(to) } : { targetUserId: to.user };
        from.emit(event, { ...target, sessionId, [field]: valueFrom(i, j, field) });
      }
    }
  }
  assert.equal(pairs.length, devices.length * (devices.length - 1));
  for (const [from, to, tap, i, j] of pairs) {
    for (const [event, field] of Object.entries(relays)) {
      const sender = (data) => data.fromSocketId === idOf(from);
      const got = await to.next(event, sender);
      const value = valueFrom(i, j, field);
      const frame = { sessionId, fromSocketId: idOf(from), fromUserId: from.user };
      assert.deepEqual(got, { ...frame, [field]: value });
      const bytes = `"${field}":${JSON.stringify(value)}`;
      const packets = tap.filter((text) => text.startsWith(`2["${event}",`));
      assert.equal(packets.filter((text) => text.includes(bytes)).length, 1, `${field} ${i} ${j}`);
    }
  }
}

/** Everybody shows the screen once, and the others hear of it. */
async function shareInTurn(devices, sessionId) {
  for (const sharer of devices) {
    for (const isScreenSharing of [true, false]) {
      await sharer.must('media_state_changed', { sessionId, isScreenSharing });
      for (const device of devices) {
        if (device === sharer) continue;
        assert.deepEqual(await nextOf(device, sessionId, 'media_state_changed'), {
          sessionId,
          userId: sharer.user,
          socketId: idOf(sharer),
          hasVideo: true,
          hasAudio: true,
          isScreenSharing,
        });
      }
    }
  }
}

/** The first ones leave first; the last one stays until it was in for longer than the first one. */
async function leaveOneByOne(server, devices, sessionId) {
  const left = [...devices];
  const lastStayedLonger = async () => {
    const session = await details(server, devices[0], sessionId);
    const [first, last] = [devices[0], devices.at(-1)].map((each) => personIn(session, each));
    return last.duration > first.duration;
  };
  while (left.length > 1) {
    const device = left.shift();
    if (left.length === 1) await eventually('the last one was in for longer', lastStayedLonger);
    await leave(device, sessionId);
    let version;
    for (const other of left) {
      const told = await nextOf(other, sessionId, 'user_left_call');
      version ??= told.version;
      const expected = { sessionId, userId: device.user, socketId: idOf(device), reason: 'left' };
      assert.deepEqual(told, { ...expected, version });
    }
    checkLists(left, sessionId);
  }
  const [last] = left;
  await leave(last, sessionId);
  let duration;
  for (const device of devices) {
    const ended = await nextOf(device, sessionId, 'call_session_ended');
    duration ??= ended.duration;
    assert.deepEqual(ended, { sessionId, endedBy: last.user, reason: 'last-left', duration });
  }
  return duration;
}

/** The same record for everybody, in the details and in the history; times that agree. */
async function checkRecords(server, devices, data, duration) {
  const [host] = devices;
  const last = devices.at(-1);
  for (const device of devices) {
    const session = await details(server, device, data.sessionId);
    const page = await pageOf(server, device);
    assert.deepEqual(page.pagination, { page: 1, limit: 20, total: 1, pages: 1 });
    const [listed] = page.sessions;
    for (const found of [session, listed]) {
      assert.equal(found.sessionId, data.sessionId);
      assert.equal(found.sessionType, 'group');
      assert.equal(found.initiatorId, host.user);
      assert.equal(found.initiator.userId, host.user);
      assert.equal(found.status, 'ended');
      assert.equal(found.endedBy, last.user);
      assert.equal(found.endReason, 'last-left');
      assert.equal(found.maxParticipants, seats);
      assert.equal(found.therapySessionId, null);
      assert.deepEqual(found.callSettings, defaultSettings);
      assert.deepEqual(found.metadata, { title: 'Eight', tags: ['a', 'b'] });
      for (const time of [found.createdAt, found.startTime, found.endTime]) isTime(time);
      const wholeSeconds = (from, to) => Math.floor((Date.parse(to) - Date.parse(from)) / 1000);
      assert.equal(found.duration, wholeSeconds(found.startTime, found.endTime));
      assert.equal(found.duration, duration);
      assert.equal(found.participants.length, devices.length);
      for (const [n, person] of found.participants.entries()) {
        const owner = devices[n];
        assert.equal(person.userId, owner.user);
        assert.equal(person.username, owner.user);
        assert.equal(person.role, n === 0 ? 'initiator' : 'participant');
        assert.equal(person.socketId, idOf(owner));
        assert.equal(person.peerId, `peer of ${owner.user}`);
        assert.equal(person.isActive, false);
        assert.equal(person.isScreenSharing, false);
        assert.equal(person.duration, wholeSeconds(person.joinedAt, person.leftAt));
        if (n === 0) assert.equal(person.invitation, null);
        else {
          assert.equal(person.invitation.status, 'accepted');
          assert.equal(person.invitation.expiresAt, data.expiresAt);
          assert.equal(person.invitation.respondedAt, person.joinedAt);
        }
      }
      assert.equal(found.startTime, found.participants[1].joinedAt);
      assert.equal(found.endTime, found.participants.at(-1).leftAt);
    }
    assert.ok(session.participants[0].duration < session.participants.at(-1).duration);
  }
}

suite('eight people in a session', { stores: bothStores, env: noLimits }, ({ server, client }) => {
  it('from the invitation to the history', { timeout: TEST_MS }, async () => {
    const devices = await crowd(server(), seats, { client });
    const [host, ...others] = devices;
    const metadata = { title: 'Eight', tags: ['a', 'b'] };
    const answer = await ok(server(), host.user, 'POST', `${BASE}/initiate`, {
      sessionType: 'group',
      participants: others.map(({ user }) => user),
      metadata,
    });
    assert.equal(answer.message, 'Call session initiated successfully');
    const { data } = answer;
    assert.match(data.sessionId, SESSION_ID);
    assert.equal(data.sessionType, 'group');
    assert.equal(data.status, 'waiting');
    assert.deepEqual(data.callSettings, defaultSettings);
    assert.deepEqual(data.metadata, metadata);
    assert.equal(data.maxParticipants, seats);
    assert.ok(data.iceServers.length > 0);
    assert.deepEqual(
      data.participants.map(({ userId, isActive }) => [userId, isActive]),
      devices.map(({ user }) => [user, false]),
    );
    isTime(data.expiresAt);

    await checkInvitations(devices, data);
    await joinOneByOne(server(), devices, data);
    checkLists(devices, data.sessionId);
    await negotiateAll(devices, data.sessionId);
    await shareInTurn(devices, data.sessionId);
    const duration = await leaveOneByOne(server(), devices, data.sessionId);
    await checkRecords(server(), devices, data, duration);
    for (const device of devices) await fenceByInvitation(server(), device.user, device);
    for (const device of devices) assert.deepEqual(device.takeNames(), []);
  });
});

suite('a list of participants', { env: noLimits }, ({ server, client }) => {
  it('never goes back, whoever comes and goes at once', { timeout: TEST_MS }, async () => {
    const devices = await crowd(server(), seats, { client });
    const [host, ...others] = devices;
    const { sessionId } = await initiate(server(), host, others);
    await enter(host, sessionId);
    const rounds = 12;
    await Promise.all(
      others.map(async (device, n) => {
        for (let round = 0; round < rounds; ++round) {
          await device.must('join_call_session', { sessionId });
          // Some stay for a while, so that there is always another mixture inside.
          const media = { sessionId, hasVideo: false };
          if (round % (n + 1) === 0) await device.must('media_state_changed', media);
          await device.must('leave_call_session', { sessionId });
        }
        await device.must('join_call_session', { sessionId });
      }),
    );
    await fenceAll(devices, sessionId);
    checkLists(devices, sessionId);
    const session = await details(server(), host, sessionId);
    for (const device of devices) assert.equal(personIn(session, device).isActive, true);
    const stays = host.events.filter(({ name }) => name === 'user_left_call');
    assert.equal(stays.length, others.length * rounds);
  });

  it('is the same for all while two join and leave at once', { timeout: TEST_MS }, async () => {
    const devices = await crowd(server(), 4, { client });
    const { sessionId } = await assemble(server(), devices);
    const [host, one, two, three] = devices;
    for (let round = 0; round < 20; ++round) {
      await Promise.all([leave(one, sessionId), leave(two, sessionId)]);
      await Promise.all([one, two].map((each) => each.must('join_call_session', { sessionId })));
    }
    await fenceAll([host, one, two, three], sessionId);
    checkLists(devices, sessionId);
  });
});
