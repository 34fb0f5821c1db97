// Lists that are walked by arrow keys: one row is in the order of tabs, the arrows lead to the
// others.

/** Makes `list` such a list; its rows are what matches `selector`. */
export function walkable(list, selector) {
  const rows = () => [...list.querySelectorAll(selector)];

  function settle() {
    const all = rows();
    const here = all.find((row) => row.tabIndex === 0 && row.isConnected) ?? all[0];
    for (const row of all) row.tabIndex = row === here ? 0 : -1;
  }
  function go(row) {
    if (!row) return;
    for (const one of rows()) one.tabIndex = one === row ? 0 : -1;
    row.focus();
  }
  list.addEventListener('focusin', (event) => {
    const row = event.target.closest(selector);
    if (row) for (const one of rows()) one.tabIndex = one === row ? 0 : -1;
  });
  list.addEventListener('keydown', (event) => {
    const all = rows();
    const at = all.indexOf(event.target.closest('li')?.querySelector(selector));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(all[Math.min(Math.max(to, 0), all.length - 1)]);
  });
  return { settle, first: () => go(rows()[0]) };
}
