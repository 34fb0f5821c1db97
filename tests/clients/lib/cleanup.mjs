// What tests open and have to close, also when they fail: devices, proxies, processes.
const open = new Set();

/** Remembers a thing that has `close()`; gives it back. */
export function opened(thing) {
  open.add(thing);
  return thing;
}

/** It was closed, or is meant to stay. */
export function settled(thing) {
  open.delete(thing);
}

/** Closes what tests left open; for `afterEach`. */
export async function closeAll() {
  const left = [...open];
  open.clear();
  await Promise.all(left.map((thing) => thing.close()));
}
