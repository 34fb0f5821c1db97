// The STUN and TURN servers that direct calls go through.

const HOLD_MS = 3 * 3600 * 1000; // credentials hold four hours

/** A function that gives them, and asks the server when those it has are old. */
export function iceServers(rest) {
  let known = { at: -Infinity, servers: [] };
  return async () => {
    if (Date.now() - known.at < HOLD_MS) return known.servers;
    try {
      const { iceServers: servers } = await rest('GET', '/api/calls/ice-servers');
      known = { at: Date.now(), servers };
    } catch (refusal) {
      console.warn('no ICE servers are known:', refusal.message); // one network needs none
    }
    return known.servers;
  };
}
