// The package for npm converts as the command does. Run by scripts/test-page.sh.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { folder, key, keyconv, run, twin, work } from "./browser.mjs";

const app = join(folder, "app");
let api;
before(async () => {
  // As a user gets it: packed, and installed from that.
  const [{ filename }] = JSON.parse(run("npm", "pack", "--json", "--pack-destination", folder, join(work, "npm")));
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), "{}");
  run("npm", "install", "--prefix", app, "--offline", "--no-audit", "--no-fund", join(folder, filename));
  api = await import(pathToFileURL(join(app, "node_modules/keyconv/index.js")));
});

test("convert writes what the command writes", async () => {
  for (const { name, private: isPrivate } of await api.formats()) {
    const { data, name: output, files } = await api.convert(twin("rsa2048.v3.ppk"), { name: "rsa2048.v3.ppk", to: name });
    assert.equal(files[0].private, isPrivate);
    if (name === "openssh") continue; // random numbers
    assert.deepEqual(Buffer.from(data), keyconv("convert", "--to", name, key("twins", "rsa2048.v3.ppk"), "-o", "-"), output);
  }
});

test("passphrases", async () => {
  const encrypted = twin("ed25519.v2.enc.ppk");
  await assert.rejects(api.convert(encrypted, { to: "ppk" }), { name: "KeyconvError", exit: 4 });
  await assert.rejects(api.convert(encrypted, { to: "ppk", passphrase: "no" }), { exit: 5 });
  const plain = await api.convert(encrypted, { to: "ppk", passphrase: "correct horse", noPassphrase: true });
  assert.deepEqual(Buffer.from(plain.data), twin("ed25519.v3.ppk"));
  const again = await api.convert(plain.data, { to: "ppk2", newPassphrase: "new" });
  assert.equal((await api.inspect(again.data)).encrypted, true);
});

test("inspect, check and generate", async () => {
  const info = await api.inspect(String(twin("ed25519.pub")));
  assert.equal(info.private, false);
  assert.equal(info.key.fingerprints[0].text, "SHA256:nM0YyZY/6HV1Yk8rJDvwkkvdTJ8uO4eg/hm3/xQXxXM");
  assert.equal((await api.check(twin("ed25519.openssh"), { public: String(twin("ed25519.pub")) })).matched, "public-key");
  await assert.rejects(api.check(twin("ed25519.openssh"), { public: String(twin("rsa2048.pub")) }), { exit: 8 });
  assert.match((await api.generate({ comment: "me" })).key.public, /^ssh-ed25519 .* me$/);
  await assert.rejects(api.inspect("hello"), { exit: 3 });
  await assert.rejects(api.inspect(new ArrayBuffer(2 << 20)), { exit: 3 });
});

test("a passphrase in other letters opens a key", async () => {
  const made = await api.convert(twin("ed25519.openssh"), { to: "ppk2", newPassphrase: "u\u0308" }); // taken apart
  assert.equal((await api.convert(made.data, { to: "ppk", passphrase: "\u00fc" })).key.encrypted, true);
});

test("npx keyconv FILE", async () => {
  const input = join(app, "ecs.pem"), bin = join(app, "node_modules/.bin/keyconv");
  writeFileSync(input, readFileSync(key("console-rsa2048.pem")));
  run(bin, input);
  assert.deepEqual(readFileSync(join(app, "ecs.ppk")), keyconv("convert", "--to", "ppk", input, "-o", "-"));
  assert.equal(statSync(join(app, "ecs.ppk")).mode & 0o777, 0o600);
  const again = spawnSync(bin, [input]);
  assert.equal(again.status, 6);
  assert.match(String(again.stderr), /already exists/);
  assert.equal(spawnSync(bin, []).status, 2);
  assert.equal(spawnSync(bin, [key("twins", "ed25519.v2.enc.ppk")]).status, 4);
  assert.equal(existsSync(key("twins", "ed25519.v2.enc.pem")), false);
  assert.equal(JSON.parse(run(bin, "--inspect", input)).key.bits, 2048);
});
