// The title of the page: what was missed, and, blinking, who calls.

const BLINK_MS = 1000;

/** `set(caller, missed)`: the name of whoever rings here, or null, and a number. */
export function pageTitle() {
  let timer = 0;
  let shown = '';

  function set(caller, missed) {
    const plain = missed ? `(${missed}) Carillon` : 'Carillon';
    const wanted = JSON.stringify([caller, plain]);
    if (wanted === shown) return;
    shown = wanted;
    clearInterval(timer);
    document.title = caller ? `${caller} is calling` : plain;
    if (!caller) return;
    let turn = false;
    timer = setInterval(() => {
      turn = !turn;
      document.title = turn ? plain : `${caller} is calling`;
    }, BLINK_MS);
  }
  return { set, close: () => set(null, 0) };
}
