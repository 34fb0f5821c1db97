// What the parts of a page know in common: one object, and who wants to hear of which part of it.

/** `{get, set(patch), on(selector, fn)}`; `on` returns what stops it. */
export function store(initial) {
  let state = Object.freeze({ ...initial });
  const listeners = new Set();
  return {
    get: () => state,

    /** Lays `patch` (or what the function `patch` makes of the state) over the state. */
    set(patch) {
      const before = state;
      const change = typeof patch === 'function' ? patch(before) : patch;
      state = Object.freeze({ ...before, ...change });
      for (const listener of [...listeners]) listener(before);
    },

    /** Calls `fn(value, before)` whenever `selector(state)` is another value than it was. */
    on(selector, fn) {
      let last = selector(state);
      const listener = () => {
        const now = selector(state);
        if (Object.is(now, last)) return;
        const before = last;
        last = now;
        fn(now, before);
      };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
