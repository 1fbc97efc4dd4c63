#!/usr/bin/env node
// npx keyconv FILE: converts a key to the other kind, or to that of --to, beside it.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, basename } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { convert, inspect, formats, KeyconvError } from "./index.js";

const usage = "usage: keyconv FILE... [--to FORMAT] [-o FILE] [--inspect]";

// hidden asks for a passphrase that is not shown.
const hidden = (question) => new Promise((resolve) => {
  if (!process.stdin.isTTY) throw new KeyconvError({ message: "the key is encrypted, and there is nobody to ask for the passphrase", exit: 4 });
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  lines.question(question, (answer) => { lines.close(); process.stderr.write("\n"); resolve(answer); });
  lines._writeToOutput = () => {};
});

async function work(file, { to, output, look }) {
  const data = await readFile(file), name = basename(file), info = await inspect(data, { name });
  if (look) return console.log(JSON.stringify({ file, ...info }));
  const format = to ?? (info.title.startsWith("PuTTY") ? "pem" : "ppk");
  const isPrivate = (await formats()).find((f) => f.name === format)?.private;
  const passphrase = info.encrypted && (isPrivate || !info.key) ? await hidden("Passphrase of " + name + ": ") : undefined;
  const result = await convert(data, { name, to: format, passphrase });
  for (const one of result.files) {
    const path = one === result.files[0] && output ? output : join(dirname(file), one.name);
    await writeFile(path, one.data, { flag: "wx", mode: one.private ? 0o600 : 0o644 });
    console.error(file + " -> " + path);
  }
  for (const note of result.notes) console.error((note.warning ? "warning: " : "note: ") + note.text);
}

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { to: { type: "string" }, output: { type: "string", short: "o" }, inspect: { type: "boolean" }, help: { type: "boolean", short: "h" } } });
  if (values.help || !positionals.length || values.output && positionals.length > 1) throw new KeyconvError({ message: usage, exit: values.help ? 0 : 2 });
  for (const file of positionals) await work(file, { to: values.to, output: values.output, look: values.inspect });
} catch (error) {
  console.error(error.code === "EEXIST" ? "keyconv: " + error.path + " already exists" : "keyconv: " + error.message);
  process.exitCode = error.exit ?? (error.code === "EEXIST" ? 6 : 1);
}
