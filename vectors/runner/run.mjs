// usage: node run.mjs READER... runs a program over the vectors; see README.md beside the files.
// READER is called with a key file and a file that holds the passphrase. It prints the
// public key as one line, or ends with another code than 0.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..");
const vectors = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
const [program, ...args] = process.argv.slice(2);
const temporary = mkdtempSync(join(tmpdir(), "vectors-"));
let failed = 0;
for (const v of vectors) {
  const passphrase = join(temporary, "passphrase");
  writeFileSync(passphrase, Buffer.from(v.passphrase ?? "", "hex"));
  const file = join(folder, "files", ...v.file.split("/"));
  const done = spawnSync(program, [...args, file, passphrase], { timeout: 60_000 });
  let found = done.status === 0 ? done.stdout.toString().trim().split(/\s+/).slice(0, 2).join(" ") : undefined;
  if (done.error) found = "it did not end";
  const right = found === undefined ? v.verdict !== "must-read" : found === v.public;
  if (!right) {
    failed++;
    console.log(`${v.file}: ${v.verdict}, but: ${found ?? "refused"}. ${v.property}`);
  }
}
rmSync(temporary, { recursive: true });
console.log(`${vectors.length} vectors, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
