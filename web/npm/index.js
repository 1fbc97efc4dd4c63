// keyconv for Node.js and browsers: the program of the command, as WebAssembly. It opens no
// connection and writes no file.
import "./wasm_exec.js"; // of Go

export class KeyconvError extends Error {
  constructor({ message, exit, advice = "" }) {
    super(message);
    Object.assign(this, { name: "KeyconvError", exit, advice });
  }
}

async function program() {
  const url = new URL("keyconv.wasm", import.meta.url);
  if (url.protocol !== "file:") return (await fetch(url)).arrayBuffer();
  return (await import("node:fs/promises")).readFile(url);
}

let starting;
const start = () => starting ??= (async () => {
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(await program(), go.importObject);
  go.run(instance);
  const call = globalThis.keyconv;
  delete globalThis.keyconv;
  return call;
})();

const bytes = (data) => typeof data === "string" ? new TextEncoder().encode(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data;

async function ask(request, ...data) {
  const [text, ...files] = (await start())(JSON.stringify(request), ...data.filter((d) => d !== undefined).map(bytes));
  const answer = JSON.parse(text);
  if (answer.error) throw new KeyconvError(answer.error);
  return { ...answer, files: (answer.files ?? []).map((file, i) => ({ ...file, data: files[i] })) };
}

const written = ({ files, notes = [], key }) => ({ name: files[0].name, data: files[0].data, files, notes, key });

export const convert = async (data, { to, newPassphrase, noPassphrase, certificate, ...more }) =>
  written(await ask({ ...more, do: "convert", to, new: newPassphrase, plain: noPassphrase }, data, certificate));
export const generate = async ({ type = "ed25519", to = "openssh", newPassphrase, ...more } = {}) => written(await ask({ ...more, do: "generate", type, to, new: newPassphrase }));
export const inspect = async (data, options) => (await ask({ ...options, do: "inspect" }, data)).info;
export const check = async (data, options) => ask({ ...options, do: "check" }, data).then(({ key, matched, notes = [] }) => ({ key, matched, notes }));
export const formats = async () => (await ask({ do: "about" })).about.formats;
