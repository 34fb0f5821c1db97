// Making elements without markup in texts: nothing here parses HTML, so nothing can be injected.

const SVG = 'http://www.w3.org/2000/svg';

function apply(element, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null) continue;
    if (/^(aria|data)-/.test(name)) element.setAttribute(name, String(value));
    else if (value === false) continue;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.setAttribute('class', value);
    else if (name === 'style') {
      for (const [key, one] of Object.entries(value)) element.style.setProperty(key, one);
    } else if (name === 'props') Object.assign(element, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

function fill(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * An element. `tag` may carry classes (`'button.primary'`). In `props`: `on<event>` is a listener,
 * `style` an object of custom or other properties, `props` what is assigned to the element itself,
 * all else an attribute, which `null` and `undefined` leave out; `false` does too and `true` sets
 * it empty, but for `aria-*` and `data-*`, which have these words.
 */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(' ');
  const { class: more, ...rest } = props ?? {};
  if (more) element.classList.add(...more.split(' ').filter(Boolean));
  apply(element, rest);
  return fill(element, children);
}

/** The same for SVG. */
export function svg(tag, props, ...children) {
  const element = document.createElementNS(SVG, tag);
  apply(element, props);
  return fill(element, children);
}

/** Gives `node` these children instead of those it has. */
export function replace(node, ...children) {
  node.replaceChildren();
  return fill(node, children);
}

/** Has a screen reader say `text` when it is done with what it says now. */
export function announce(text) {
  let region = document.getElementById('announcer');
  if (!region) {
    region = h('p.unseen', { id: 'announcer', role: 'status', 'aria-live': 'polite' });
    document.body.append(region);
  }
  if (region.textContent !== text) region.textContent = text;
}

/**
 * Makes the children of `parent` those of `items`: a node stays the same for the same
 * `keyOf(item)`, is made by `make(item)` and brought up to date by `update(node, item)`. What has
 * the focus keeps it.
 */
export function keyed(parent, items, keyOf, make, update = () => undefined) {
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let node = old.get(key);
    old.delete(key);
    if (!node) {
      node = make(item);
      node.dataset.key = key;
    }
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
    update(node, item);
  }
  for (const node of old.values()) node.remove();
  if (focused?.isConnected && document.activeElement !== focused) focused.focus();
}
