// The calls of this user that are over, and how many of them were missed since the list was last
// looked at.
import { directRow, merged, sessionRow } from './recent.js';

const PAGE = 50;

/**
 * `answerOf`, `rest` as in `common/session.js`; `onChange({rows, hasMore, missed})`; `learn(users)`
 * hears of names.
 */
export function history({ me, answerOf, rest, learn, onChange }) {
  const key = `carillon.seen.${me}`;
  let direct = { rows: [], more: false };
  let sessions = { rows: [], more: false, page: 1 };
  let missed = [];
  let loading = null;
  let again = false;

  const seen = () => Number(localStorage.getItem(key)) || 0;
  const tell = () =>
    onChange({
      rows: merged([direct, sessions]),
      hasMore: direct.more || sessions.more,
      missed: missed.filter((at) => at > seen()).length,
    });

  async function directPage(skip, limit = PAGE) {
    const { data, hasMore } = await answerOf(
      'GET',
      `/api/calls/history?limit=${limit}&skip=${skip}`,
    );
    learn(data.flatMap((call) => [call.callerId, call.receiverId]));
    return { rows: data.map(directRow), more: hasMore };
  }

  async function sessionPage(page) {
    const data = await rest('GET', `/api/video-call/history?limit=${PAGE}&page=${page}`);
    learn(
      data.sessions.flatMap(({ participants }) =>
        participants.map(({ userId, username }) => ({ _id: userId, username })),
      ),
    );
    return {
      rows: data.sessions.map((one) => sessionRow(one, me)),
      more: page < data.pagination.pages,
      page,
    };
  }

  async function load() {
    try {
      let missing;
      [direct, sessions, missing] = await Promise.all([
        directPage(0),
        sessionPage(1),
        answerOf('GET', '/api/calls/missed?limit=100'),
      ]);
      missed = [
        ...missing.data.map(({ createdAt }) => Date.parse(createdAt)),
        ...sessions.rows.filter(({ isMissed }) => isMissed).map(({ at }) => at),
      ];
      tell();
    } catch (refusal) {
      if (refusal.code !== 'unreachable')
        console.warn('the history is not known:', refusal.message);
    }
  }

  return {
    /** Asks anew; once more afterwards when it was asked for meanwhile. */
    async look() {
      if (loading) {
        again = true;
        return;
      }
      do {
        again = false;
        loading = load();
        await loading;
      } while (again);
      loading = null;
    },

    /** Goes further back. */
    async more() {
      const wanted = [];
      if (direct.more) {
        wanted.push(
          directPage(direct.rows.length).then(({ rows, more }) => {
            direct = { rows: [...direct.rows, ...rows], more };
          }),
        );
      }
      if (sessions.more) {
        wanted.push(
          sessionPage(sessions.page + 1).then(({ rows, more, page }) => {
            sessions = { rows: [...sessions.rows, ...rows], more, page };
          }),
        );
      }
      await Promise.all(wanted);
      tell();
    },

    /** Takes a direct call out of this user's list. */
    async remove(id) {
      await rest('DELETE', `/api/calls/history/${encodeURIComponent(id)}`);
      direct = { ...direct, rows: direct.rows.filter((row) => row.id !== id) };
      tell();
    },

    /** The list is being looked at: nothing in it counts as missed any more. */
    markSeen() {
      const newest = Math.max(0, ...missed);
      if (newest <= seen()) return;
      localStorage.setItem(key, String(newest));
      tell();
    },
  };
}
