// What a reload must not take: which call this tab is in, and how.

const KEY = 'carillon.call';

/** `{callId, kind, type, since, mic, camera}` of the call that this tab was in, or null. */
export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null; // written by nobody we know
  }
}

export const keep = (call) => sessionStorage.setItem(KEY, JSON.stringify(call));
export const forget = () => sessionStorage.removeItem(KEY);
