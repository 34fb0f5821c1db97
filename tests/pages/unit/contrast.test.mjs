// Text can be read in both schemes: the contrast of the colours in tokens.css, after WCAG 2.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const style = (name) =>
  readFileSync(new URL(`../../../web/pages/style/${name}`, import.meta.url), 'utf8');
const LEAST = 4.8;

function colours(text) {
  return Object.fromEntries(
    [...text.matchAll(/(--[a-z-]+):\s*(#[0-9a-f]{6})\b/gi)].map(([, name, hex]) => [name, hex]),
  );
}
function light(hex) {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (one, other) => {
  const [bright, dark] = [light(one), light(other)].sort((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
};

const tokens = style('tokens.css');
const [day, night] = tokens.split('@media (prefers-color-scheme: dark)');
const schemes = {
  light: colours(day),
  dark: { ...colours(day), ...colours(night.split('@media')[0]) },
};
const stage = { ...schemes.dark, ...colours(style('stage.css').split('}')[0]) };

test('black on white is 21', () => assert.equal(Math.round(contrast('#000000', '#ffffff')), 21));

for (const [name, scheme] of Object.entries(schemes)) {
  test(`text in the ${name} scheme`, () => {
    for (const text of [
      '--ink',
      '--soft',
      '--accent',
      '--good',
      '--warn',
      '--signal',
      '--danger',
    ]) {
      for (const ground of ['--bg', '--surface']) {
        const value = contrast(scheme[text], scheme[ground]);
        assert.ok(value >= LEAST, `${text} on ${ground}: ${value.toFixed(2)}`);
      }
    }
    for (const [text, ground] of [
      ['--on-accent', '--accent'],
      ['--on-danger', '--danger'],
      ['--on-stage', '--stage'],
      ['--soft', '--sunken'],
      ['--ink', '--sunken'],
    ]) {
      const value = contrast(scheme[text], scheme[ground]);
      assert.ok(value >= LEAST, `${text} on ${ground}: ${value.toFixed(2)}`);
    }
  });
}

test('text on the stage, which is dark in both', () => {
  for (const ground of [schemes.light['--stage'], schemes.dark['--stage']]) {
    for (const text of ['--ink', '--soft', '--accent', '--warn', '--good']) {
      const value = contrast(stage[text], ground);
      assert.ok(value >= LEAST, `${text} on ${ground}: ${value.toFixed(2)}`);
    }
  }
});
