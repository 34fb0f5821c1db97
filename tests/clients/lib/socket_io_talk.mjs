// Conversations in Socket.IO packets, for tables of cases: `{converse(talk)}` gives what came back.

const fence = ['42["message","fence"]', '42["message-back","fence"]'];

const count = (log, what) => log.filter((packet) => what.test(packet)).length;

/**
 * Sends the packets one by one, to the end or until the connection is closed. What follows a CONNECT
 * that was accepted is waited for.
 */
async function each(talk, packets) {
  for (const packet of packets) {
    if (talk.closed) return;
    const answers = count(talk.log, /^4[04]/);
    await talk.step(packet);
    if (!/^40/.test(packet)) continue;
    await talk.until((log) => count(log, /^4[04]/) > answers);
    await talk.until((log) => count(log, /^42[^[]*\["auth"/) >= count(log, /^40/));
  }
}

/** What comes of these packets on a connection that has joined `/`. */
export const joined = (...packets) => ({
  async converse(talk) {
    await talk.step('40');
    await talk.atLeast(3); // open, CONNECT's answer, auth
    talk.log.length = 0;
    await each(talk, packets);
    return talk.settle(...fence);
  },
});

/** The same where the packets are sent in one go, in one payload over polling. */
export const together = (...packets) => ({
  async converse(talk) {
    await talk.step('40');
    await talk.atLeast(3);
    talk.log.length = 0;
    talk.send(...packets);
    return talk.settle(...fence);
  },
});

const onCustom = ['40/custom,{"f":1}', '42/custom,["auth",{"f":1}]'];

/** What comes of these packets on a new connection. */
export const fresh = (...packets) => ({
  async converse(talk) {
    await each(talk, packets);
    const inRoot = packets.some((packet) => /^40($|[{\d]|\/,?$)/.test(packet));
    const inCustom = packets.some((packet) => /^40\/custom/.test(packet));
    const [, ...rest] = await (inRoot || !inCustom
      ? talk.settle(...(inRoot ? fence : onCustom))
      : talk.settle('40{"f":1}', '42["auth",{"f":1}]'));
    return rest;
  },
});

/** What comes of packets that have to end the connection. */
export const closing = (...packets) => ({
  async converse(talk) {
    await talk.step('40');
    await talk.atLeast(3);
    talk.log.length = 0;
    await each(talk, packets);
    return talk.end();
  },
});
