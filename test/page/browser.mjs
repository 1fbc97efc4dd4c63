// What the tests of the page share: a browser without a network, files, and the command.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const work = process.env.KEYCONV_PAGE; // with keyconv, keyconv.html and npm
export const html = join(work, "keyconv.html");
const testdata = fileURLToPath(new URL("../../testdata/", import.meta.url));
export const key = (...parts) => join(testdata, ...parts);
export const twin = (name) => readFileSync(key("twins", name));
export const folder = mkdtempSync(join(tmpdir(), "keyconv-page-"));

// file writes a file for a test and returns its path.
export function file(name, data) {
  const path = join(folder, name);
  writeFileSync(path, data, { mode: 0o600 });
  return path;
}

// run runs a program, and returns what it prints.
export const run = (program, ...args) => execFileSync(program, args, { stdio: ["ignore", "pipe", "pipe"] });
export const keyconv = (...args) => run(join(work, "keyconv"), ...args);

export const launch = (more = []) => chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", ...more],
});

// open opens the page where it is, or another address, and counts what it asks the network
// for. Without a network is the default.
export async function open(browser, { address = pathToFileURL(html).href, offline = true, before, ...options } = {}) {
  const context = await browser.newContext({ offline, acceptDownloads: true, ...options });
  const page = await context.newPage();
  const requests = [], errors = [];
  context.on("request", (r) => { if (!/^(file|blob):/.test(r.url())) requests.push(r.url()); });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => errors.push(message.text()));
  if (before) await page.addInitScript(before);
  await page.goto(address);
  await page.waitForFunction(() => ["good", "bad"].includes(document.getElementById("state").className), null, { timeout: 60000 });
  if (await page.getAttribute("#state", "class") === "good") await page.waitForSelector("#main:not([hidden])");
  return { page, context, requests, errors };
}

// give opens files in the page.
export async function give(page, ...files) {
  await page.setInputFiles("#files", files);
  await page.waitForFunction((count) => keys.length === count && keys.every((k) => k.info || k.error) && current, files.length, { timeout: 60000 });
}

// saved does what saves a file, and returns its name and bytes.
export async function saved(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 60000 }), act()]);
  return { name: download.suggestedFilename(), data: readFileSync(await download.path()) };
}

export const saveAs = (page, form) => saved(page, async () => {
  await page.selectOption("#form", form);
  await page.click("#other");
});

export const said = async (page) => {
  await page.waitForSelector("#said p", { timeout: 60000 });
  return page.textContent("#said");
};

// serve serves pages on the loopback address, and counts what is asked for.
export async function serve(pages) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const body = pages[request.url];
    response.writeHead(body ? 200 : 404, { "content-type": "text/html" });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref(); // a test that fails does not keep the others waiting
  return { asked, address: "http://127.0.0.1:" + server.address().port, close: () => server.close() };
}
