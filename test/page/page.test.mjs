// keyconv.html does what the command does, with the same bytes. Run by scripts/test-page.sh.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { after, afterEach, before, test } from "node:test";
import axe from "axe-core";
import { file, folder, give, html, key, keyconv, launch, open, run, said, saveAs, saved, serve, twin } from "./browser.mjs";

let browser, page, opened;
before(async () => {
  browser = await launch();
  opened = await open(browser);
  page = opened.page;
});
after(() => browser.close());
// Nothing may be asked of the network, or go wrong silently, in any test of this page.
afterEach(() => {
  assert.deepEqual(opened.requests, []);
  assert.deepEqual(opened.errors, []);
});

test("the page is small, and starts with a self-test", async (t) => {
  const start = performance.now();
  const { page: fresh, context } = await open(browser);
  assert.match(await fresh.textContent("#state"), /^✓ Self-test passed: \d+ conversions/);
  const ready = performance.now();
  await give(fresh, key("console-rsa2048.pem"));
  await saveAs(fresh, "ppk");
  const size = statSync(html).size;
  t.diagnostic(`size ${size} bytes; ready after ${Math.round(ready - start)} ms, first conversion ${Math.round(performance.now() - ready)} ms later`);
  assert.ok(size <= 3_000_000, `${size} bytes`);
  await context.close();
});

test("each form both ways is what the command writes", async () => {
  await give(page, key("twins", "rsa2048.v3.ppk"));
  const forms = await page.$$eval("#form option", (all) => all.map((o) => o.value));
  assert.ok(forms.length > 8);
  const name = file("twin.ppk", twin("rsa2048.v3.ppk"));
  for (const form of forms) {
    await give(page, name);
    const there = await saveAs(page, form);
    const command = keyconv("convert", "--to", form, name, "-o", "-");
    if (form === "openssh") { // which has random numbers in it
      assert.equal(String(run("ssh-keygen", "-y", "-f", file("openssh", there.data))).split(" ")[1], String(twin("rsa2048.pub")).split(" ")[1]);
    } else {
      assert.deepEqual(there.data, command, form);
    }
    const isPrivate = await page.evaluate((f) => about.formats.find((one) => one.name === f).private, form);
    if (!isPrivate) continue;
    await give(page, file(there.name, there.data));
    await page.fill("#comment", "rsa2048 twin");
    assert.deepEqual((await saveAs(page, "ppk")).data, twin("rsa2048.v3.ppk"), form + " back");
  }
});

test("an encrypted key needs its passphrase, and keeps it", async () => {
  await give(page, key("twins", "ed25519.v2.enc.ppk"));
  assert.equal(await page.evaluate(() => document.activeElement.id), "passphrase");
  await page.click("#usual button");
  assert.match(await said(page), /the key is encrypted, and no passphrase was given.*Type its passphrase above/i);
  await page.fill("#passphrase", "wrong");
  await page.click("#usual button");
  assert.match(await said(page), /wrong passphrase/i);
  assert.equal(await page.evaluate(() => document.activeElement.id), "passphrase");
  await page.fill("#passphrase", "correct horse");
  const { data } = await saveAs(page, "ppk2");
  const password = file("password", "correct horse");
  run("puttygen", file("kept.ppk", data), "--old-passphrase", password, "-O", "private-openssh", "--new-passphrase", "/dev/null", "-o", file("plain", ""));
  await page.check("input[value=plain]");
  assert.deepEqual((await saveAs(page, "ppk")).data, twin("ed25519.v3.ppk"));
});

test("what was chosen for one key is not for the next", async () => {
  await give(page, key("twins", "ed25519.v2.enc.ppk"));
  await page.check("input[value=plain]");
  await give(page, key("twins", "ed25519.v3.enc.ppk"));
  assert.equal(await page.isChecked("input[value=keep]"), true);
  await page.check("input[value=new]");
  await give(page, key("twins", "ed25519.v2.enc.ppk"));
  assert.deepEqual([await page.isChecked("input[value=keep]"), await page.isVisible("#newer")], [true, false]);
});

test("Enter opens an encrypted key, shows which it is, and saves it", async () => {
  await give(page, key("twins", "ed25519.pkcs8.enc.pem"));
  assert.match(await page.textContent("#about"), /Only the passphrase shows which key this is/);
  await page.keyboard.press("Enter");
  assert.match(await said(page), /no passphrase was given/);
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /wrong passphrase/i.test($("said").textContent), null, { timeout: 60000 });
  await page.fill("#passphrase", "correct horse");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => $("said").textContent.includes("The passphrase is right"), null, { timeout: 60000 });
  assert.equal((await page.inputValue("#public")).split(" ")[1], String(twin("ed25519.pub")).split(" ")[1]);
  const { name, data } = await saved(page, () => page.keyboard.press("Enter"));
  assert.equal(name, "ed25519.pkcs8.enc.ppk");
  run("puttygen", file("opened.ppk", data), "--old-passphrase", file("password", "correct horse"), "-L");
  assert.match(await said(page), /Careful: ed25519.pkcs8.enc.pem: The passphrase is cheap to guess.*What you have saved does not have this weakness/);
});

test("Enter in a field saves, of a .ppk as .pem", async () => {
  await give(page, key("twins", "ed25519.v3.ppk"));
  await page.check("input[value=new]"); // nothing is typed, which a public key and a check do not need
  assert.deepEqual((await saved(page, () => page.click("#save-public"))).data, twin("ed25519.pub"));
  await page.check("input[value=keep]");
  await page.focus("#comment");
  const { name, data } = await saved(page, () => page.keyboard.press("Enter"));
  assert.equal(name, "ed25519.v3.pem");
  assert.match(String(data), /^-----BEGIN OPENSSH PRIVATE KEY-----/);
});

test("a new passphrase is typed twice, and other programs take it", async () => {
  await give(page, key("console-rsa2048.pem"));
  await page.check("input[value=new]");
  await page.click("#usual button");
  assert.match(await said(page), /Type the new passphrase twice/);
  await page.fill("#new1", "pässwörd");
  await page.fill("#new2", "passwort");
  await page.click("#usual button");
  assert.match(await said(page), /differ/);
  await page.fill("#new2", "pässwörd");
  const ppk = await saved(page, () => page.click("#usual button"));
  run("puttygen", file("new.ppk", ppk.data), "--old-passphrase", file("new", "pässwörd"), "-L");
  const openssh = await saveAs(page, "openssh");
  run("ssh-keygen", "-y", "-P", "pässwörd", "-f", file("new.openssh", openssh.data));
  await page.check("input[value=keep]");
});

test("damaged text can be pasted", async () => {
  const text = readFileSync(key("console-rsa2048.pem"), "utf8").replaceAll("\n", " ");
  await page.fill("#text", text);
  await page.click("#paste button");
  await page.waitForSelector("#key:not([hidden])");
  assert.match(await page.textContent("#about"), /mended: /);
  assert.deepEqual((await saveAs(page, "ppk")).data, keyconv("convert", "--to", "ppk", "-C", "imported-openssh-key", key("console-rsa2048.pem"), "-o", "-"));
  await page.fill("#text", " ");
  await page.click("#paste button");
  assert.match(await said(page), /There is no text/);
});

test("what is pasted outside of a field is opened", async () => {
  const paste = (target, text, file) => page.evaluate(([target, text, file]) => {
    const clipboardData = new DataTransfer();
    if (file) clipboardData.items.add(new File([text], file)); else clipboardData.setData("text", text);
    document.querySelector(target).dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, [target, text, file]);
  const title = (name) => page.waitForFunction((name) => $("key-title").textContent.endsWith(name) && current?.info, name, { timeout: 60000 });
  await paste("h1", String(twin("ed25519.openssh")));
  await title("pasted text");
  await paste("h1", String(twin("ed25519.v3.ppk")), "copied.ppk");
  await title("copied.ppk");
  await paste("#comment", String(twin("ed25519.openssh")));
  assert.match(await page.textContent("#key-title"), /copied.ppk/);
});

test("it says which key it is, and which programs open it", async () => {
  await give(page, key("console-rsa2048.pem"));
  const facts = await page.textContent("#about");
  for (const part of ["RSA, 2048 bits", "SHA256:C44HgJpzL7ID1ZcPtenGHpqpMqcGHo4DDoGTReS6GWI", "anybody who has this file can log in", "as AWS shows a key that it made"]) assert.ok(facts.includes(part), part);
  assert.match(await page.textContent("#verdicts"), /PuTTY: no; save it as PuTTY private key/);
  assert.equal(await page.inputValue("#public"), String(keyconv("public", key("console-rsa2048.pem"))).trim());
});

test("a key is compared with a public key or a fingerprint", async () => {
  await give(page, key("twins", "ed25519.openssh"));
  await page.click("#comparing summary");
  const check = async (text) => {
    await page.fill("#expected", text);
    await page.click("#compare button");
    return said(page);
  };
  assert.match(await check(String(twin("ed25519.pub"))), /Yes, it is the expected key/);
  assert.match(await check("SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM"), /Yes/);
  assert.match(await check(String(twin("rsa2048.pub"))), /another key/);
  assert.match(await check(""), /The key is whole/);
});

test("several files: each is listed, and all are saved in one archive", async () => {
  mkdirSync(folder + "/folder", { recursive: true });
  const large = file("large.pem", Buffer.alloc(2 << 20));
  await give(page, key("console-rsa2048.pem"), key("twins", "ed25519.openssh"), large, file("empty.pem", ""), key("twins", "ed25519.pub"));
  assert.match(await page.textContent("#list-title"), /5 files, 2 of them/);
  await page.click("#names li:nth-child(3) button");
  assert.match(await said(page), /larger than 1048576 bytes.*Is this the right file/);
  await page.click("#names li:nth-child(1) button");
  const { name, data } = await saved(page, () => page.click("text=Save all as .ppk"));
  assert.equal(name, "keys.zip");
  run("unzip", "-o", "-q", file(name, data), "-d", folder + "/unzipped");
  assert.deepEqual(readFileSync(folder + "/unzipped/ed25519.openssh.ppk"), twin("ed25519.v3.ppk"));
});

test("several files: what is not saved is shown, with a field for its passphrase", async () => {
  await give(page, key("console-rsa2048.pem"), key("twins", "ed25519.v2.enc.ppk"));
  await saved(page, () => page.click("text=Save all as .ppk"));
  assert.match(await said(page), /ed25519.v2.enc.ppk: .*Type its passphrase above.*Keys in it: 1\./s);
  assert.match(await page.textContent("#key-title"), /ed25519.v2.enc.ppk/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "passphrase");
  await page.fill("#passphrase", "correct horse");
  await saved(page, () => page.click("text=Save all as .ppk"));
  await page.waitForFunction(() => $("said").textContent.includes("Keys in it: 2."), null, { timeout: 60000 });
});

test("two hundred files, and a folder", async () => {
  const data = twin("ed25519.openssh").toString("base64");
  await page.evaluate((text) => openFiles(Array.from({ length: 200 }, (_, i) => new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], "key" + i))), data);
  assert.match(await page.textContent("#list-title"), /200 files, 0 of them/);
  await page.evaluate(() => openFiles([{ name: "folder", slice: () => ({ arrayBuffer: () => Promise.reject(new Error("NotFoundError")) }) }]));
  assert.match(await said(page), /folder: This is a folder/);
});

test("a new key", async () => {
  await page.click("summary:has-text('Make a new key')");
  await page.selectOption("#type", "ecdsa");
  await page.selectOption("#size", "384");
  await page.selectOption("#as", "ppk");
  await page.fill("#fresh-comment", "me@here");
  await page.fill("#fresh1", "secret");
  await page.fill("#fresh2", "secret");
  const { name, data } = await saved(page, () => page.click("#fresh button"));
  assert.equal(name, "id_ecdsa.ppk");
  const line = String(run("puttygen", file(name, data), "--old-passphrase", file("secret", "secret"), "-L"));
  assert.match(line, /^ecdsa-sha2-nistp384 .* me@here\n$/);
  await page.waitForFunction((text) => document.activeElement.id === "save-public" && $("public").value === text, line.trim(), { timeout: 60000 });
});

test("a new key for OpenSSH, and its public half", async () => {
  await page.selectOption("#as", "openssh");
  await page.fill("#fresh-comment", "me@here");
  await page.fill("#fresh1", "secret");
  await page.fill("#fresh2", "secret");
  const made = await saved(page, () => page.keyboard.press("Enter"));
  await page.waitForFunction(() => document.activeElement.id === "save-public", null, { timeout: 60000 });
  const half = await saved(page, () => page.keyboard.press("Enter"));
  assert.deepEqual([made.name, half.name], ["id_ecdsa", "id_ecdsa.pub"]);
  assert.match(String(half.data), / me@here\n$/);
  assert.equal(String(run("ssh-keygen", "-y", "-P", "secret", "-f", file("id_ecdsa", made.data))), String(half.data));
  await saveAs(page, "ppk"); // with the passphrase that was typed for it
});

test("a session is what the command writes", async () => {
  await give(page, key("console-rsa2048.pem"));
  await page.click("summary:has-text('Log in with it')");
  await page.fill("#server", "203.0.113.5:2222");
  await page.fill("#name", "my box");
  await page.fill("#path", "C:\\keys\\a.ppk");
  const put = async (program) => {
    await page.selectOption("#program", program);
    await page.fill("#path", "C:\\keys\\a.ppk");
    return saved(page, () => page.click("#session button"));
  };
  const registry = file("my box.reg", "");
  const next = () => page.waitForFunction(() => $("said").textContent.includes("Next: put the key at C:\\keys\\a.ppk; then "), null, { timeout: 60000 });
  keyconv("session", "my box", "root@203.0.113.5:2222", "--key", key("twins", "rsa2048.v3.ppk"), "--key-path", "C:\\keys\\a.ppk", "-f", "-o", registry);
  const { name, data } = await put("putty");
  assert.equal(name, "my box.reg");
  assert.deepEqual(data, readFileSync(registry));
  await next();
  for (const program of ["winscp", "filezilla"]) {
    const command = keyconv("session", "my box", "root@203.0.113.5:2222", "--key", key("twins", "rsa2048.v3.ppk"), "--key-path", "C:\\keys\\a.ppk", "--for", program, "-o", "-");
    assert.deepEqual((await put(program)).data, command, program);
  }
  await page.selectOption("#program", "openssh");
  await page.fill("#server", "a b");
  await page.click("#session button");
  assert.match(await said(page), /Correct it, and try again/);
});

test("work can be cancelled, and goes on in a new worker", async () => {
  await page.evaluate(() => { document.querySelectorAll("details").forEach((d) => { d.open = true; }); });
  await page.selectOption("#type", "rsa");
  await page.selectOption("#size", "8192");
  await page.fill("#fresh1", "");
  await page.fill("#fresh2", "");
  await page.click("#fresh button");
  await page.waitForSelector("#busy:not([hidden])");
  assert.match(await page.textContent("#doing"), /Working/);
  await page.click("#cancel");
  assert.match(await said(page), /Cancelled/);
  await give(page, key("twins", "ed25519.openssh"));
  assert.deepEqual((await saveAs(page, "ppk")).data, twin("ed25519.v3.ppk"));
});

test("an end of the program is said, and it starts again", async () => {
  await page.evaluate(() => worker.onmessage({ data: { failed: "panic: <b>oops</b>" } }));
  assert.match(await said(page), /keyconv ended: panic: <b>oops<\/b>/);
  await give(page, key("twins", "ed25519.openssh"));
  assert.deepEqual((await saveAs(page, "ppk")).data, twin("ed25519.v3.ppk"));
});

test("HTML in a comment or name is text", async () => {
  const evil = "<img src=x onerror=alert(1)><form action=http://127.0.0.1/><meta http-equiv=refresh content=0;url=http://127.0.0.1/>";
  await page.evaluate(() => { document.title = "still here"; });
  const data = [...keyconv("convert", "--to", "ppk", "-C", evil, key("twins", "ed25519.openssh"), "-o", "-")];
  await page.evaluate(({ name, data }) => openFiles([new File([Uint8Array.from(data)], name), new File([], name)]), { name: evil, data });
  assert.ok((await page.textContent("#key-title")).includes(evil));
  assert.ok((await page.inputValue("#public")).endsWith(evil));
  assert.equal(await page.$$eval("img, meta[http-equiv=refresh], form[action]", (all) => all.length), 0);
  assert.equal(await page.title(), "still here");
});

test("Clear forgets everything, and nothing is stored", async () => {
  await give(page, key("twins", "ed25519.v2.enc.ppk"));
  await page.fill("#passphrase", "correct horse");
  await page.evaluate(() => { document.querySelectorAll("details").forEach((d) => { d.open = true; }); window.before = current.data; });
  for (const id of ["server", "user", "name", "path"]) await page.fill("#" + id, "prod.example");
  await page.click("#clear");
  assert.match(await said(page), /Cleared/);
  assert.ok(await page.evaluate(() => window.before.every((b) => b === 0)));
  assert.equal(await page.isVisible("#key"), false);
  assert.equal(await page.inputValue("#passphrase"), "");
  assert.equal(await page.evaluate(() => Array.from(document.querySelectorAll("input,textarea"), (e) => e.value).filter((v) => /prod|ed25519/.test(v)).join()), "");
  const stored = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, history.length, (await indexedDB.databases()).length]);
  assert.deepEqual(stored, [0, 0, "", 2, 0]); // the empty tab, and the page
  assert.deepEqual((await opened.context.cookies()), []);
  await give(page, key("twins", "ed25519.openssh"));
});

test("Clear forgets a key that is being read", async () => {
  const left = await page.evaluate(async () => {
    let read;
    const opening = openFiles([{ name: "slow", slice: () => ({ arrayBuffer: () => new Promise((done) => { read = done; }) }) }]);
    $("clear").click();
    const data = new Uint8Array([1, 2, 3]);
    read(data.buffer);
    await opening;
    return [keys.length, ...data];
  });
  assert.deepEqual(left, [0, 0, 0, 0]);
});

test("the worker overwrites its memory before it ends", async () => {
  const zero = await page.evaluate(async () => {
    const source = "let memory = { buffer: new Uint8Array([1, 2, 3]).buffer };" +
      "const close = () => postMessage(Array.from(new Uint8Array(memory.buffer)));" +
      $("wasm-worker").textContent.slice($("wasm-worker").textContent.indexOf("onmessage = async"));
    const w = new Worker(URL.createObjectURL(new Blob([source])));
    const answer = new Promise((resolve) => { w.onmessage = (e) => resolve(e.data); });
    w.postMessage({ wipe: true });
    return answer;
  });
  assert.deepEqual(zero, [0, 0, 0]);
});

test("axe finds nothing, at any width, light and dark", async () => {
  for (const [width, colorScheme] of [[360, "light"], [1280, "dark"], [360, "dark"], [1280, "light"]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await give(page, key("console-rsa2048.pem"), key("twins", "ed25519.v2.enc.ppk"), file("empty.pem", ""));
    await page.evaluate(() => { document.querySelectorAll("details").forEach((d) => { d.open = true; }); });
    await page.click("#usual button");
    await said(page);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html + n.failureSummary).join("; ")), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than " + width);
    if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${width}-${colorScheme}.png`, fullPage: true });
  }
});

test("the keyboard reaches everything", async () => {
  await give(page, key("console-rsa2048.pem"));
  const reached = new Set();
  await page.evaluate(() => document.body.focus());
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent));
  }
  for (const id of ["files", "text", "public", "copy", "form", "other", "comment", "clear", "Save .ppk for PuTTY"]) assert.ok(reached.has(id), id);
});

test("served from a loopback address it asks for nothing but itself", async () => {
  const server = await serve({ "/keyconv.html": readFileSync(html), "/frame": '<iframe src="/keyconv.html"></iframe>' });
  const there = await open(browser, { address: server.address + "/keyconv.html", offline: false });
  await give(there.page, key("twins", "ed25519.openssh"));
  assert.deepEqual((await saveAs(there.page, "ppk")).data, twin("ed25519.v3.ppk"));
  assert.deepEqual(server.asked, ["/keyconv.html"]);
  await there.context.close();
  server.close();
});
