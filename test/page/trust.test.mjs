// keyconv.html sends nothing, and does not work where it should not. Run by
// scripts/test-page.sh.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { pathToFileURL } from "node:url";
import { file, give, html, key, launch, open, serve } from "./browser.mjs";

const source = readFileSync(html, "utf8");
let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

test("nothing gets out, even with a network", async () => {
  const server = await serve({});
  const { page, context } = await open(browser, { offline: false });
  await give(page, key("console-rsa2048.pem"));
  const tried = await page.evaluate(async (address) => {
    const result = {};
    const refused = (name, promise) => promise.then(() => { result[name] = "done"; }, () => { result[name] = "refused"; });
    const heard = (name, target) => refused(name, new Promise((resolve, reject) => {
      target.onload = target.onopen = resolve;
      target.onerror = reject;
      setTimeout(reject, 2000);
    }));
    const element = (tag, more) => { const e = Object.assign(document.createElement(tag), more); document.body.append(e); return e; };
    await refused("fetch", fetch(address + "/fetch"));
    const request = new XMLHttpRequest();
    request.open("POST", address + "/xhr");
    const xhr = heard("xhr", request);
    request.send("secret");
    await xhr;
    await heard("image", element("img", { src: address + "/image" }));
    await heard("script", element("script", { src: address + "/script" }));
    await heard("style", element("link", { rel: "stylesheet", href: address + "/style" }));
    await heard("frame", element("iframe", { src: address + "/frame" })); // an error page loads in its place
    await refused("websocket", Promise.resolve().then(() => heard("websocket", new WebSocket(address.replace("http", "ws") + "/socket"))).then(() => Promise.reject()));
    await refused("events", Promise.resolve().then(() => heard("events", new EventSource(address + "/events"))).then(() => Promise.reject()));
    navigator.sendBeacon(address + "/beacon", "secret");
    element("form", { action: address + "/form", method: "post" }).submit();
    element("link", { rel: "prefetch", href: address + "/prefetch" });
    element("object", { data: address + "/object" });
    const inWorker = new Worker(URL.createObjectURL(new Blob([`fetch("${address}/worker").then(() => postMessage("done"), () => postMessage("refused"))`])));
    result.worker = await new Promise((resolve) => { inWorker.onmessage = (e) => resolve(e.data); });
    element("script", { textContent: "window.injected = true" });
    element("div").innerHTML = "<img src=x onerror='window.injected = true'>";
    try { (0, eval)("window.injected = true"); } catch { result.eval = "refused"; }
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { ...result, injected: window.injected ?? false };
  }, server.address);
  assert.equal(tried.injected, false);
  for (const name of ["fetch", "xhr", "image", "script", "style", "websocket", "worker", "eval"]) assert.equal(tried[name], "refused", name);
  assert.deepEqual(server.asked, []);
  assert.equal(page.url(), pathToFileURL(html).href);
  await context.close();
  server.close();
});

test("a link in a key or name leads nowhere", async () => {
  const { page, context } = await open(browser);
  assert.equal(await page.$$eval("a[href], area, base, meta[http-equiv=refresh]", (all) => all.length), 0);
  await context.close();
});

test("the policy is in the file, before anything that it governs", () => {
  const policy = source.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)[1];
  for (const part of ["default-src 'none'", "connect-src 'none'", "img-src 'none'", "form-action 'none'", "frame-src 'none'", "base-uri 'none'", "worker-src blob:"]) assert.ok(policy.includes(part), part);
  assert.ok(!/unsafe-inline|'unsafe-eval'|https?:|data:|\*/.test(policy), policy);
  assert.ok(source.indexOf("Content-Security-Policy") < source.indexOf("<style"));
  assert.ok(!/ (src|href|action|on\w+)=/i.test(source.replace(/<script[\s\S]*?<\/script>/g, "")), "nothing external, no handler in the text");
});

// folded returns what the page has of its program, and repacked a page with another.
const packed = source.match(/id="wasm">\n([\s\S]*?)<\/script>/)[1];
const folded = () => gunzipSync(Buffer.from(packed, "base64"));
const repacked = (bytes) => source.replace(packed, () => gzipSync(bytes).toString("base64"));

// withProgram returns a page with another program, whose sum and policy are right, as a
// person who changes a copy would make it.
function withProgram(program) {
  const number = (n) => { const bytes = []; for (; n > 127; n >>>= 7) bytes.push(n & 127 | 128); return Buffer.from([...bytes, n]); };
  const size = (n) => { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(n); return bytes; };
  const none = size(0), run = number(program.length); // literals alone
  const page = repacked(Buffer.concat([size(program.length), size(run.length), run, none, none, none, none, size(program.length), program]))
    .replace(/"wasm":"[0-9a-f]{64}"/, () => `"wasm":"${sum(program, "hex")}"`);
  const script = page.slice(page.lastIndexOf("<script>") + 8, page.lastIndexOf("</script>"));
  return page.replace(/script-src 'sha256-[^']*'/, () => `script-src 'sha256-${sum(script, "base64")}'`);
}

const sum = (data, form) => createHash("sha256").update(data).digest(form);

// unfold is the function of the page.
const unfold = (folded) => {
  const code = source.slice(source.indexOf("function unfold"), source.indexOf("let memory;"));
  return Buffer.from(new Function(code + "; return unfold;")()(new Uint8Array(folded)));
};

async function refuses(page, text) {
  const { page: p, context } = await open(browser, { address: pathToFileURL(file("changed.html", page)).href });
  assert.equal(await p.getAttribute("#state", "class"), "bad");
  assert.match(await p.textContent("#state"), text);
  assert.equal(await p.isVisible("#main"), false);
  await context.close();
}

test("a changed byte of the program: it does not start", async () => {
  const bytes = folded();
  bytes[bytes.length - 5000] ^= 1;
  await refuses(repacked(bytes), /✗ Do not use this copy: its program is not the one/);
});

test("a changed worker: it does not start", async () => {
  await refuses(source.replace("function unfold(folded) {", "function unfold(folded) { "), /✗ Do not use this copy: its program is not the one/);
});

test("a program that converts wrongly fails the self-test", async () => {
  const program = unfold(folded());
  assert.equal(sum(program, "hex"), source.match(/"wasm":"([0-9a-f]{64})"/)[1]);
  const at = program.indexOf("ssh-ed25519 AAAA"); // of the known keys
  assert.ok(at > 0);
  program[at + 30] ^= 1;
  await refuses(withProgram(program), /✗ Do not use this copy: .*self-test failed for the format/);
});

test("in a frame it refuses to work", async () => {
  const server = await serve({ "/keyconv.html": source, "/": '<iframe src="/keyconv.html" width=800 height=600></iframe>' });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.address + "/");
  const frame = page.frameLocator("iframe");
  await frame.locator("#state.bad").waitFor();
  assert.match(await frame.locator("#state").textContent(), /inside another page/);
  assert.equal(await frame.locator("#main").isVisible(), false);
  await context.close();
  server.close();
});

test("over an unencrypted connection it refuses to work", async () => {
  const server = await serve({ "/keyconv.html": source });
  const far = await launch(["--host-resolver-rules=MAP far.example 127.0.0.1"]);
  const { page } = await open(far, { address: server.address.replace("127.0.0.1", "far.example") + "/keyconv.html", offline: false });
  assert.match(await page.textContent("#state"), /unencrypted connection/);
  await far.close();
  server.close();
});

for (const [what, before] of [
  ["WebAssembly", () => { delete window.WebAssembly; }],
  ["DecompressionStream", () => { delete window.DecompressionStream; }],
]) {
  test(`a browser without ${what} gets a sentence`, async () => {
    const { page, context } = await open(browser, { before });
    assert.match(await page.textContent("#state"), new RegExp("lacks " + what));
    await context.close();
  });
}

test("without JavaScript there is a sentence", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(html).href);
  assert.match(await page.textContent("#state"), /needs JavaScript/);
  await context.close();
});
