"use strict";
// All work is done in this worker, so that the page never freezes: it unpacks the program,
// makes sure that it is the one that was built, and runs it. wasm_exec.js of Go is above.

// unfold undoes scripts/page/fold.go: repeats are references to earlier bytes.
function unfold(folded) {
  const view = new DataView(folded.buffer, folded.byteOffset);
  const out = new Uint8Array(view.getUint32(0, true));
  const streams = [], at = [0, 0, 0, 0, 0, 0];
  for (let i = 0, start = 4; i < 6; i++) {
    const size = view.getUint32(start, true);
    streams.push(folded.subarray(start + 4, start + 4 + size));
    start += 4 + size;
  }
  const [runs, lengths, kinds, middles, lows, literals] = [0, 1, 2, 3, 4, 5];
  const next = (stream) => streams[stream][at[stream]++];
  const number = (stream) => {
    let value = 0, shift = 0, byte;
    do {
      byte = next(stream);
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return value;
  };
  const last = [0, 0, 0, 0];
  for (let to = 0; ;) {
    for (let run = number(runs); run > 0; run--, to++) out[to] = next(literals) + (last[0] && out[to - last[0]]);
    if (to >= out.length) return out;
    let length = number(lengths);
    const kind = next(kinds);
    const distance = kind < 4 ? last[kind] : (kind - 4) << 16 | next(middles) << 8 | next(lows);
    last.splice(Math.min(kind, 3), 1);
    last.unshift(distance);
    for (; length > 0; length--, to++) out[to] = out[to - distance];
  }
}

let memory;

async function start({ program, sha256 }) {
  const packed = Uint8Array.from(atob(program), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const wasm = unfold(new Uint8Array(await new Response(stream).arrayBuffer()));
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", wasm));
  if (Array.from(sum, (b) => b.toString(16).padStart(2, "0")).join("") !== sha256) throw new Error("changed");
  const go = new Go();
  const { instance } = await WebAssembly.instantiate(wasm, go.importObject);
  memory = instance.exports.mem;
  let said = "";
  console.log = (text) => { said += text + "\n"; }; // where Go prints why it ended
  go.run(instance).then(() => postMessage({ failed: said || "the program has ended" }));
}

onmessage = async ({ data }) => {
  if (data.wipe) {
    if (memory) new Uint8Array(memory.buffer).fill(0);
    close();
    return;
  }
  try {
    if (data.program) await start(data);
    const [answer, ...files] = keyconv(JSON.stringify(data.request), ...data.files);
    postMessage({ answer: JSON.parse(answer), files });
  } catch (error) {
    postMessage({ failed: error.message });
  }
};
