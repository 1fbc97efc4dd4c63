// keyconv.html in Firefox, which is driven through WebDriver BiDi, its own protocol. What the
// page does is tested in Chromium; here it has to start, convert and send nothing. Run by
// scripts/test-page.sh.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import WebSocket from "ws";
import { folder, html, key, keyconv, serve, twin } from "./browser.mjs";

let firefox, socket, context;
const waiting = new Map(), requests = [], errors = [];

// send sends a command (w3c.github.io/webdriver-bidi).
let last = 0;
const send = (method, params = {}) => new Promise((resolve, reject) => {
  waiting.set(++last, (m) => m.type === "error" ? reject(new Error(m.error + ": " + m.message)) : resolve(m.result));
  socket.send(JSON.stringify({ id: last, method, params }));
});

// evaluate runs an expression in the page; its value has to be a text.
async function evaluate(expression) {
  const result = await send("script.evaluate", { expression, target: { context }, awaitPromise: true });
  if (result.type === "exception") throw new Error(result.exceptionDetails.text);
  return result.result.value;
}

before(async () => {
  const profile = join(folder, "firefox");
  mkdirSync(profile);
  firefox = spawn(process.env.FIREFOX, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((resolve, reject) => {
    let text = "";
    firefox.stderr.on("data", (data) => { text += data; const m = text.match(/BiDi listening on (ws:\S+)\s/); if (m) resolve(m[1]); });
    firefox.on("exit", () => reject(new Error("Firefox ended: " + text)));
  });
  socket = new WebSocket(address + "/session");
  socket.on("message", (data) => {
    const m = JSON.parse(data);
    if (m.id !== undefined) waiting.get(m.id)(m);
    else if (m.method === "log.entryAdded") errors.push(m.params.text);
    else requests.push(m.params.request.url);
  });
  await once(socket, "open");
  await send("session.new", { capabilities: {} });
  await send("session.subscribe", { events: ["network.beforeRequestSent", "log.entryAdded"] });
  context = (await send("browsingContext.getTree")).contexts[0].context;
  await send("browsingContext.navigate", { context, url: pathToFileURL(html).href, wait: "complete" });
});

after(async () => {
  socket?.close();
  firefox.kill();
});

test("it passes its self-test, and converts as the command does", { timeout: 120000 }, async () => {
  const state = await evaluate(`new Promise((done) => {
    const look = () => $("state").className && !$("main").hidden || $("state").className === "bad" ? done($("state").textContent) : setTimeout(look, 100);
    look();
  })`);
  assert.match(state, /^✓ Self-test passed/);
  // What is saved is taken where it would go to the downloads.
  const convert = (path, name, form) => evaluate(`(async () => {
    const data = Uint8Array.from(atob("${path.toString("base64")}"), (c) => c.charCodeAt(0));
    await openFiles([new File([data], "${name}")]);
    const saved = new Promise((resolve) => { download = (name, data) => resolve(name + " " + btoa(String.fromCharCode(...data))); });
    await save("${form}");
    return saved;
  })()`);
  const command = (form, path) => keyconv("convert", "--to", form, path, "-o", "-").toString("base64");
  assert.equal(await convert(twin("rsa2048.openssh"), "my.openssh", "ppk"), "my.openssh.ppk " + command("ppk", key("twins", "rsa2048.openssh")));
  assert.equal(await convert(twin("ed25519.v3.ppk"), "my.ppk", "pkcs8"), "my.pem " + command("pkcs8", key("twins", "ed25519.v3.ppk")));
});

test("nothing gets out", { timeout: 60000 }, async () => {
  const server = await serve({});
  const tried = await evaluate(`(async () => {
    const result = [];
    await fetch("${server.address}/").then(() => result.push("fetch"), () => {});
    try { navigator.sendBeacon("${server.address}/", "secret"); } catch {} // it throws
    document.body.append(Object.assign(new Image(), { src: "${server.address}/" }));
    const form = Object.assign(document.createElement("form"), { action: "${server.address}/", method: "post" });
    document.body.append(form);
    try { form.submit(); } catch {} // so does this
    try { (0, eval)("result.push('eval')"); } catch {}
    const w = new Worker(URL.createObjectURL(new Blob(['fetch("${server.address}/").then(() => postMessage("worker"), () => postMessage(""))'])));
    result.push(await new Promise((resolve) => { w.onmessage = (e) => resolve(e.data); }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    return result.join("");
  })()`);
  assert.equal(tried, "");
  assert.deepEqual(server.asked, []);
  server.close();
});

test("it asks the network for nothing", () => {
  assert.deepEqual(requests.filter((url) => /^https?:(?!\/\/127\.0\.0\.1)/.test(url)), []);
  assert.deepEqual(errors.filter((text) => !text.includes("Content-Security-Policy")), []);
});
