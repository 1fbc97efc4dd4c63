// usage: node read.mjs LIBRARY FILE PASSPHRASE-FILE prints the public key as one line.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const [library, file, passphraseFile] = process.argv.slice(2);
const data = readFileSync(file);
const secret = readFileSync(passphraseFile);
const passphrase = secret.length > 0 ? secret : undefined;

const readers = {
  ssh2() {
    const key = require("ssh2").utils.parseKey(data, passphrase);
    if (key instanceof Error) throw key;
    const first = Array.isArray(key) ? key[0] : key;
    if (!first.isPrivateKey()) throw new Error("not private");
    return `${first.type} ${first.getPublicSSH().toString("base64")}`;
  },
  sshpk() {
    const key = require("sshpk").parsePrivateKey(data, "auto", { passphrase });
    return key.toPublic().toString("ssh");
  },
  async "ppk-to-openssh"() {
    const { parseFromString } = require("ppk-to-openssh");
    const result = await parseFromString(data.toString("utf8"), secret.toString("utf8"));
    return result.publicKey;
  },
};

try {
  console.log(String(await readers[library]()).trim().split(/\s+/).slice(0, 2).join(" "));
} catch (error) {
  console.error(String(error));
  process.exit(1);
}
