// Waiting with deadlines. Nothing here waits for a time to pass where something can be observed.

/** How long anything that is meant to happen at once may take on a busy machine. */
export const PATIENCE_MS = Number(process.env.CARILLON_PATIENCE_MS ?? 15000);

/** The promise's value, or an error that says `what` was waited for and `context()`. */
export function within(promise, what, ms = PATIENCE_MS, context = () => '') {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${what}\n${context()}`)), ms);
  });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

/** Asks again until `probe()` gives something truthy: for what no event announces. */
export async function eventually(what, probe, ms = PATIENCE_MS, pauseMs = 25) {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Long enough for a poll to be waiting at the server: nothing tells when it does. */
export const pollsWait = () => new Promise((done) => setTimeout(done, 100));
