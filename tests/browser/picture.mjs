// A picture of the first parts of a page, 1280 wide and at most 2800 high; it ends before a heading.
//
//     node picture.mjs PAGE PICTURE [CHROMIUM]

import { chromium } from "playwright-core";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [source, picture, executablePath = "/usr/bin/chromium"] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(pathToFileURL(resolve(source)).href);
const height = await page.evaluate((most) => {
  const tops = [...document.querySelectorAll("h2")].map((heading) => heading.getBoundingClientRect().top - 24);
  const whole = document.documentElement.scrollHeight;
  return whole <= most ? whole : Math.floor(Math.max(...tops.filter((top) => top <= most), 0)) || most;
}, 2800);
await page.screenshot({ path: picture, fullPage: true, clip: { x: 0, y: 0, width: 1280, height } });
await browser.close();
