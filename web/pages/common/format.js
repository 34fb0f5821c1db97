// Figures and names in words.

const two = (n) => String(n).padStart(2, '0');

/** Seconds as `4:05`, or `1:04:05` from an hour on. */
export function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

const daysBetween = (from, to) => {
  const midnight = (t) => new Date(t.getFullYear(), t.getMonth(), t.getDate()).getTime();
  return Math.round((midnight(to) - midnight(from)) / 86400000);
};

/** The day of `t` as seen at `now`: `Today`, `Yesterday`, a weekday, then a date. */
export function day(t, now = Date.now()) {
  const [then, today] = [new Date(t), new Date(now)];
  const days = daysBetween(then, today);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return then.toLocaleDateString('en-GB', { weekday: 'long' });
  const year = then.getFullYear() === today.getFullYear() ? undefined : 'numeric';
  return then.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year });
}

/** The time of day: `09:41`. */
export function time(t) {
  const at = new Date(t);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** How long ago `t` was: `just now`, `5 min`, then the time of day, then the day. */
export function ago(t, now = Date.now()) {
  const at = typeof t === 'number' ? t : Date.parse(t);
  const minutes = Math.floor((now - at) / 60000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min`;
  const on = day(at, now);
  return on === 'Today' ? time(at) : on;
}

/** Up to two letters that stand for a name. */
export function initials(name) {
  const words = String(name ?? '').match(/[\p{L}\p{N}]+/gu) ?? [];
  if (!words.length) return '?';
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...word][0].toUpperCase()).join('');
}

/** The hue of a user's disc, 0 to 359: the same for an id everywhere. */
export function hue(id) {
  let hash = 2166136261;
  for (const char of String(id)) hash = Math.imul(hash ^ char.codePointAt(0), 16777619) >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) % 360;
}

/** `1.5 MB`. */
export function bytes(n) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = n;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    ++unit;
  }
  return `${unit && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A figure that fits a tile: `7`, `4.2`, `950`, `12.3k`, `4.5M`. */
export function number(n) {
  if (n === null || n === undefined || !Number.isFinite(n)) return '–';
  const size = Math.abs(n);
  const short = (value, unit) => `${value.toFixed(1).replace(/\.0$/, '')}${unit}`;
  if (size >= 999950) return short(n / 1e6, 'M');
  if (size >= 10000) return short(n / 1e3, 'k');
  if (size >= 10 || Number.isInteger(n)) return String(Math.round(n));
  return short(n, '');
}
