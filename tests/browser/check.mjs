// Opens every page of a folder in a browser and says what is wrong with it: overflow at any width, in print, console
// errors, requests, a script that ran, links that lead nowhere, and whatever axe-core finds (WCAG 2.0 to 2.2, A and AA).
//
//     node check.mjs FOLDER [CHROMIUM]
//
// One line a problem; the exit code is 1 where there is any.

import { chromium } from "playwright-core";
import { createRequire } from "node:module";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const [folder, executablePath = "/usr/bin/chromium"] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// A4 less the margins of the pages' own style.
const paper = { media: "print", width: Math.floor(((210 - 32) / 25.4) * 96), axe: false };
const screens = [
  { media: "screen", width: 320, axe: false },
  { media: "screen", width: 390, axe: true },
  { media: "screen", width: 600, axe: false },
  { media: "screen", width: 841, axe: false },
  { media: "screen", width: 1280, axe: true },
];

// Of a folder of one report a unit only the index: its links must lead somewhere, and the reports are all alike.
const isPage = (name) => name.endsWith(".html") && (!name.includes("/") || name.endsWith("/index.html"));
const pages = readdirSync(folder, { recursive: true }).filter(isPage).sort();
const problems = [];
let rules = 0;

const browser = await chromium.launch({
  executablePath,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

async function check(name) {
  const address = pathToFileURL(join(folder, name)).href;
  const context = await browser.newContext();
  const page = await context.newPage();
  const say = (where, what) => problems.push(`${name} ${where}: ${what}`);
  page.on("console", (message) => say("console", message.text()));
  page.on("pageerror", (error) => say("script", String(error)));
  page.on("request", (request) => request.url() === address || say("request", request.url()));
  await page.goto(address);
  await page.evaluate(axe);

  for (const { media, width, axe: accessible } of [...screens, paper]) {
    const where = `${media} ${width}`;
    await page.emulateMedia({ media });
    await page.setViewportSize({ width, height: 900 });
    const wide = await page.evaluate(overflow);
    if (wide) say(where, wide);
    if (!accessible) continue;
    const found = await page.evaluate((tags) => axe.run(document, { runOnly: tags, resultTypes: ["violations", "incomplete"] }), tags);
    rules = Math.max(rules, found.passes.length);
    for (const violation of found.violations) {
      for (const node of violation.nodes) say(where, `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`);
    }
    // Where axe asks a person to look there is nothing to look at on these pages, but for words within pictures, whose
    // ground it cannot tell.
    for (const unsure of found.incomplete) {
      const open = unsure.nodes.filter((node) => !node.html.startsWith("<text"));
      for (const node of open) say(where, `unsure of ${unsure.id}: ${node.html.slice(0, 160)}`);
    }
    const faint = await page.evaluate(contrast);
    if (faint) say(where, faint);
  }

  const { ran, links } = await page.evaluate(() => ({
    ran: "ran" in window || document.scripts.length > 0 || document.images.length > 0,
    links: [...document.querySelectorAll("[href],[src]")].map((element) => element.href ?? element.src),
  }));
  if (ran) say("content", "a script, a picture or a handler came from a text");
  for (const link of links) {
    if (!link.startsWith("file:") || !existsSync(fileURLToPath(link))) say("link", link);
  }
  const paperless = (await page.pdf({ preferCSSPageSize: true })).length;
  if (paperless < 1000) say("print", "no pages");
  await context.close();
}

// A few pages at a time: most of the time one waits for the browser.
const waiting = [...pages];
const worker = async () => {
  for (let name = waiting.shift(); name; name = waiting.shift()) await check(name);
};
await Promise.all([worker(), worker(), worker()]);
await browser.close();
for (const problem of problems.sort()) console.log(problem);
console.log(`${pages.length} pages, ${problems.length} problems; up to ${rules} rules of axe-core passed on a page`);
process.exit(problems.length > 0 || pages.length === 0 ? 1 : 0);

// Whether words within a picture stand out too little from white and from the picture's own ground; runs in the page.
function contrast() {
  const luminance = (color) => {
    const parts = color.match(/\d+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const fill = (element) => luminance(getComputedStyle(element).fill);
  const grounds = [1, ...[...document.querySelectorAll("svg .period")].map(fill)];
  for (const text of document.querySelectorAll("svg text")) {
    for (const ground of grounds) {
      const ratio = (Math.max(ground, fill(text)) + 0.05) / (Math.min(ground, fill(text)) + 0.05);
      if (ratio < 4.5) return `contrast ${ratio.toFixed(2)}: ${text.outerHTML.slice(0, 160)}`;
    }
  }
  return null;
}

// Whether the page can be scrolled sideways, or something on it sticks out; runs in the page.
function overflow() {
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) return `scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`;
  const hidden = (element) => element.closest("thead, svg") !== null;
  for (const element of document.body.querySelectorAll("*")) {
    const { left, right } = element.getBoundingClientRect();
    if (!hidden(element) && (right > root.clientWidth + 1 || left < -1)) {
      return `sticks out: ${element.outerHTML.slice(0, 160)}`;
    }
  }
  return null;
}
