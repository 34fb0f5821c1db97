// Chromium with a camera and a microphone that are not there.
import { accessSync, constants } from 'node:fs';
import { chromium } from 'playwright-core';

const path = process.env.CARILLON_CHROMIUM ?? '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox', // the tests may run as root, and see no page but our own
  '--use-fake-device-for-media-stream=fps=15', // what the pages ask for at least
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--autoplay-policy=no-user-gesture-required',
  '--auto-select-desktop-capture-source=Entire screen',
];

/** False, or why there can be no browser; where everything is required that is an error. */
export function skipBrowser() {
  try {
    accessSync(path, constants.X_OK);
    return false;
  } catch {
    const why = `no Chromium at ${path}; CARILLON_CHROMIUM may name another`;
    if (process.env.CI === 'true') throw new Error(why);
    return why;
  }
}

/** A running Chromium, which is ended by its `close()`; the file's runner ends it with us. */
export const startBrowser = () =>
  chromium.launch({ executablePath: path, args: FLAGS, handleSIGINT: false, handleSIGTERM: false });
