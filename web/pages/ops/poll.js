// Asking again and again.

const MOST_MS = 10000;

/**
 * Calls the asynchronous `ask()` now and then `ms` after each time it was done, while the page is
 * visible; after failures, of which `failed(error)` hears, more and more seldom. `{soon(),
 * stop()}`: asks at once; ends it.
 */
export function poll(ms, ask, failed = () => undefined) {
  let timer = null;
  let isAsking = false;
  let isWanted = false;
  let isOver = false;
  let misses = 0;

  async function round() {
    clearTimeout(timer);
    timer = null;
    if (isOver || document.hidden) return;
    if (isAsking) {
      isWanted = true;
      return;
    }
    isAsking = true;
    isWanted = false;
    try {
      await ask();
      misses = 0;
    } catch (error) {
      ++misses;
      if (!isOver) failed(error);
    }
    isAsking = false;
    if (isOver) return;
    if (isWanted) round();
    else timer = setTimeout(round, Math.min(ms * 2 ** Math.min(misses, 6), Math.max(ms, MOST_MS)));
  }

  document.addEventListener('visibilitychange', round);
  round();
  return {
    soon: round,
    stop() {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', round);
    },
  };
}
