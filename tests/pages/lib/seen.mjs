// What is seen on a page.
import assert from 'node:assert/strict';
import { eventually, PATIENCE_MS } from '../../clients/lib/waiting.mjs';

// In the page: two readings of a video, some frames apart.
async function readTwice(video) {
  const canvas = document.createElement('canvas');
  canvas.width = 32;
  canvas.height = 24;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const read = () => {
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return {
      time: video.currentTime,
      data: context.getImageData(0, 0, canvas.width, canvas.height).data,
    };
  };
  if (video.readyState < 2 || !video.videoWidth) return null;
  const first = read();
  await new Promise((done) => setTimeout(done, 400));
  const second = read();
  const changed = first.data.reduce(
    (n, value, at) => n + (Math.abs(value - second.data[at]) > 8),
    0,
  );
  return { changed, passed: second.time - first.time };
}

/** Waits until the video of `locator` moves: its time grows and its picture changes. */
export async function moving(locator, ms = PATIENCE_MS) {
  await locator.waitFor({ state: 'visible', timeout: ms });
  await eventually(
    `${locator} moves`,
    async () => {
      const seen = await locator.evaluate(readTwice);
      return seen && seen.changed > 0 && seen.passed > 0;
    },
    ms,
  );
}

/** Waits until the page shows a call in this state (`data-call-state` of its stage). */
export const callState = (page, state, ms = PATIENCE_MS) =>
  page.locator(`[data-call-state="${state}"]`).waitFor({ state: 'attached', timeout: ms });

// In the page: what is wider than its room, and text that is cut without a word on it.
function overflowing() {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth)
    found.push(`page: ${root.scrollWidth} in ${root.clientWidth}`);
  for (const node of document.querySelectorAll(
    'h1, h2, h3, p, button, label, dt, dd, li, span, a',
  )) {
    const box = node.getBoundingClientRect();
    if (!box.width || !box.height || node.closest('.unseen') || !node.checkVisibility?.()) continue;
    const style = getComputedStyle(node);
    if (
      style.overflowX !== 'visible' &&
      node.scrollWidth > node.clientWidth + 1 &&
      !['auto', 'scroll'].includes(style.overflowX)
    ) {
      found.push(`cut: ${node.tagName}.${node.className} "${node.textContent.slice(0, 40)}"`);
    }
    const inScroller = node.closest('[data-scrolls]');
    if (!inScroller && (box.right > innerWidth + 1 || box.left < -1)) {
      found.push(`outside: ${node.tagName}.${node.className} "${node.textContent.slice(0, 40)}"`);
    }
  }
  return found;
}

// In the page: controls that nobody can reach: they lie outside of the window, or are cut off by
// what is around them, and nothing scrolls to them.
function outOfReach() {
  const found = [];
  const page = [document.documentElement, document.body];
  const isHeld = page.some((node) => getComputedStyle(node).overflowY === 'hidden');
  const AXES = [
    ['X', 'left', 'right', innerWidth],
    ['Y', 'top', 'bottom', innerHeight],
  ];
  for (const node of document.querySelectorAll(
    'button, input, textarea, select, summary, a[href]',
  )) {
    const { left, right, top, bottom, width, height } = node.getBoundingClientRect();
    if (!width || !height || node.closest('.unseen')) continue;
    if (!node.checkVisibility({ visibilityProperty: true })) continue;
    const seen = { left, right, top, bottom };
    const words = (node.ariaLabel ?? node.textContent).slice(0, 40);
    const name = `${node.tagName}.${node.className} "${words}"`;
    let { position } = getComputedStyle(node);
    for (let up = node.parentElement; up && !page.includes(up); up = up.parentElement) {
      if (position === 'fixed') break;
      const style = getComputedStyle(up);
      // It hangs on something further out, which alone cuts it.
      if (position === 'absolute' && style.position === 'static') continue;
      ({ position } = style);
      const room = up.getBoundingClientRect();
      for (const [axis, from, to] of AXES) {
        const how = style[`overflow${axis}`];
        if (how === 'visible') continue;
        if (how === 'auto' || how === 'scroll') {
          const size = seen[to] - seen[from];
          if (room[to] - room[from] + 1 < Math.min(size, 44)) found.push(`no room for: ${name}`);
          // Scrolled to, it is seen where the scroller is.
          [seen[from], seen[to]] = [room[from], room[to]];
        } else if (seen[from] < room[from] - 1 || seen[to] > room[to] + 1) {
          found.push(`cut off by ${up.tagName}.${up.className}: ${name}`);
        }
      }
    }
    for (const [axis, from, to, size] of AXES) {
      const scrolls = axis === 'Y' && !isHeld && position !== 'fixed';
      const least = scrolls ? -scrollY : 0;
      if (seen[from] < least - 1 || (!scrolls && seen[to] > size + 1))
        found.push(`out of the window: ${name}`);
    }
  }
  return found;
}

// In the page: controls that have no name.
function nameless() {
  const named = (node) =>
    node.getAttribute('aria-label') ||
    node.getAttribute('aria-labelledby') ||
    node.title ||
    node.textContent.trim() ||
    node.labels?.length;
  return [
    ...document.querySelectorAll(
      'button, a[href], input, textarea, select, [role=slider], [tabindex="0"]',
    ),
  ]
    .filter((node) => node.checkVisibility?.() && !named(node))
    .map((node) => node.outerHTML.slice(0, 120));
}

/** Nothing lies outside of the page or is cut, every control can be reached and has a name. */
export async function assertTidy(page, view = 'the page') {
  assert.deepEqual(await page.evaluate(overflowing), [], `what does not fit in ${view}`);
  assert.deepEqual(await page.evaluate(outOfReach), [], `what cannot be reached in ${view}`);
  assert.deepEqual(await page.evaluate(nameless), [], `controls without a name in ${view}`);
}

/** The focus can be seen where Tab brings it. */
export async function assertFocusSeen(page, presses = 3) {
  let controls = 0;
  for (let n = 0; n < presses; ++n) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      let node = document.activeElement;
      if (node === document.body) return null; // behind the last control
      const name = `${node.tagName}.${node.className}`;
      // The ring may be drawn by what is around: a field around its input.
      for (let up = 0; node && up < 3; ++up, node = node.parentElement) {
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) return { name, ring: true };
      }
      return { name, ring: false };
    });
    if (!seen) continue;
    ++controls;
    assert.ok(seen.ring, `${seen.name} has the focus and shows none`);
  }
  assert.ok(controls || !presses, 'nothing on the page takes the focus');
}
