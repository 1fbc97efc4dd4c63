"use strict";
const build = {{build}};
const $ = (id) => document.getElementById(id);
const say = (name, parts = {}) => words[name].replace(/\{(\w+)\}/g, (_, part) => parts[part]);
// make returns an element with text, which is never read as HTML.
const make = (tag, text = "", more = {}) => Object.assign(document.createElement(tag), { textContent: text }, more);
const adviceOf = (name = "") => name.startsWith("say:") ? sentence(name.slice(4)) : words.advice[name] ?? words.advice[name.split(":")[0]] ?? "";
const how = (kind) => words[kind] ? " (" + words[kind] + ")" : "";
const sentence = (text) => text && text[0].toUpperCase() + text.slice(1) + (/[.?!]$/.test(text) ? "" : ".");

let about, worker, waiting, busy = Promise.resolve();
let keys = [], current; // {name, data, index, info, error}

// ---- the worker
function startWorker() {
  const source = new Blob([$("wasm-worker").textContent], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  worker = new Worker(url);
  worker.onmessage = ({ data }) => {
    const { resolve, reject } = waiting ?? {};
    waiting = undefined;
    if (data.failed === undefined) return resolve?.(data);
    reject ? reject(new Error(data.failed)) : fail(data.failed);
  };
  worker.onerror = (event) => worker.onmessage({ data: { failed: event.message } });
  const post = (message) => new Promise((resolve, reject) => { waiting = { resolve, reject }; worker.postMessage(message); });
  const started = performance.now();
  busy = (async () => {
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await source.arrayBuffer()));
    if (hex(sum) !== build.worker) throw new Error("changed");
    await post({ program: $("wasm").textContent, sha256: build.wasm, request: { do: "test" }, files: [] }).then(({ answer }) => {
      if (answer.error) throw new Error(answer.error.message);
      state("ready", "good", { checks: answer.checks, seconds: ((performance.now() - started) / 1000).toFixed(1) });
    });
    about = (await post({ request: { do: "about" }, files: [] })).answer.about;
    return post;
  })();
  busy.catch((error) => { state("broken", "bad", { why: words[error.message] ?? error.message }); $("main").hidden = true; }).finally(() => URL.revokeObjectURL(url));
  return busy;
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const state = (name, className, parts) => Object.assign($("state"), { className, textContent: say(name, parts) });

// ask sends a request to the worker, one after the other, and shows that work goes on.
let queue = Promise.resolve();
function ask(request, files = [], doing = say("working")) {
  const turn = queue.then(async () => {
    const post = await busy;
    const timer = setTimeout(() => { $("doing").textContent = doing; $("busy").hidden = false; }, 250);
    try {
      return await post({ request, files });
    } finally {
      clearTimeout(timer);
      $("busy").hidden = true;
    }
  });
  queue = turn.catch(() => {});
  return turn;
}

// stop ends the worker, which overwrites its memory first if it can.
function stop() {
  waiting?.reject(new Error("cancelled"));
  worker.postMessage({ wipe: true });
  setTimeout((old) => old.terminate(), 500, worker);
}

const fail = (why) => { startWorker(); tell(say("crashed", { why }), "bad"); };

// ---- what is said
const tell = (text, className = "", advice = "") => $("said").append(make("p", [text, adviceOf(advice)].filter(Boolean).join(" "), { className }));
const quiet = () => $("said").replaceChildren();
const problem = (error, name) => tell((name ? name + ": " : "") + sentence(error.message), "bad", error.advice);

// run does what a button is for, and says what went wrong.
const run = (what) => async (event) => {
  event?.preventDefault();
  quiet();
  try {
    await what(event);
  } catch (error) {
    if (error.message === "cancelled") tell(words.cancelled);
    else if (error.advice !== undefined || error.exit) { problem(error); if (/^(give|wrong)-passphrase/.test(error.advice)) $("passphrase").focus(); }
    else fail(error.message);
  }
};

async function answer(request, files, doing) {
  const result = await ask(request, files, doing);
  if (result.answer.error) throw Object.assign({ advice: "" }, result.answer.error);
  return result;
}

// ---- opening
async function openFiles(files) {
  forget();
  const opened = keys;
  for (const file of files) {
    const data = await file.slice(0, about.maxFile + 1).arrayBuffer().catch(() => undefined);
    const key = { name: file.name, index: 1, pasted: file.name === words.pasted, data: data && new Uint8Array(data) };
    if (keys !== opened) return key.data?.fill(0); // they were cleared meanwhile, or others opened
    if (!data) key.error = { message: words.folder };
    keys.push(key);
    if (!key.error) await inspect(key);
    if (keys.length > 1) showList();
  }
  show(keys.find((k) => k.info?.private) ?? keys.find((k) => k.info) ?? keys[0]);
}

async function inspect(key) {
  const { answer: a } = await ask({ do: "inspect", name: key.name, index: key.index }, [key.data], say("opening", key));
  key.info = a.info;
  key.error = a.error;
}

function showList() {
  $("list").hidden = false;
  $("list-title").textContent = say("several", { count: keys.length, bad: keys.filter((k) => k.error).length });
  $("names").replaceChildren(...keys.map((key) => {
    const what = key.error ? words.notKey : key.info?.key ? key.info.key.title + " " + key.info.key.bits : key.info?.title ?? "";
    const button = make("button", key.name + " — " + what, { type: "button", className: key.error ? "bad" : "", onclick: run(() => show(key)) });
    button.setAttribute("aria-current", String(key === current));
    const item = make("li");
    item.append(button);
    return item;
  }));
}

function show(key, passphrase = "") {
  current = key;
  const i = key?.info;
  for (const id of ["key", "save", "comparing"]) $(id).hidden = !i;
  if (keys.length > 1) showList();
  if (key?.error) problem(key.error, key.name);
  if (!i) return;
  $("key-title").textContent = say("key", key);
  $("about").replaceChildren();
  const fact = (name, ...values) => values.filter(Boolean).forEach((value, n) => $("about").append(make("dt", n ? "" : words[name]), value instanceof Node ? value : make("dd", value)));
  const bad = (text) => make("dd", text, { className: "warn" });
  fact("kind", i.key ? say("kindOf", { ...i.key, form: i.title }) : i.title);
  if (i.keys > 1) {
    const value = make("dd", say("whichKey", { index: key.index, count: i.keys }) + " ");
    value.append(make("button", words.nextKey, { type: "button", onclick: run(async () => { key.index = key.index % i.keys + 1; await inspect(key); show(key); }) }));
    fact("keys", value);
  }
  fact("of", i.key?.comment);
  fact("protected", i.token ? words.token : !i.private ? words.publicOnly : i.encrypted ? say("encrypted", { how: i.encryption }) : bad(words.unprotected));
  fact("fingerprint", ...(i.key?.fingerprints ?? [{ text: words.hidden }]).map((f) => f.text + how(f.kind)));
  fact("certificate", i.certificate);
  fact("damage", ...(i.repairs ?? []).map((what) => bad(say("mended", { what }))));
  fact("weakness", ...(i.findings ?? []).map((f) => bad(sentence(f.text) + " " + adviceOf(f.advice))));
  $("line").hidden = !i.key;
  $("public").value = i.key?.public ?? "";
  $("programs").hidden = !i.programs;
  $("verdicts").replaceChildren(...(i.programs ?? []).map((v) => {
    const form = about.formats.find((f) => f.name === v.to)?.title;
    return make("li", v.answer !== "refuses" ? say(v.answer === "opens" ? "opens" : "unknown", v) : say(v.why ? "refusesWhy" : "refuses", v) + (form ? say("refusesTo", { form }) : ""));
  }));
  $("unlock").hidden = !i.encrypted || i.token;
  $("passphrase").value = passphrase;
  $("keep").textContent = i.encrypted ? words.keepPassphrase : words.keepNone;
  $("plain").hidden = !i.encrypted;
  $("protection").hidden = $("commenting").hidden = !i.forms.includes("ppk") && !i.private;
  $("comparing").hidden = !i.private || i.token;
  $("comment").placeholder = i.key?.comment || words.keepComment;
  options("form", about.formats.filter((f) => i.forms.includes(f.name)), (f) => [f.name, f.help + " (" + f.extension + ")"]);
  // Enter in a field of the form presses the first: what the key is not yet.
  const usual = [["ppk", "savePpk", "saveAllPpk"], ["pem", "savePem", "saveAllPem"]];
  if (i.format.startsWith("ppk")) usual.reverse();
  $("usual").replaceChildren(
    ...usual.filter(([name]) => i.forms.includes(name)).map(([name, one]) => make("button", words[one], { className: "main", onclick: run(() => save(name)) })),
    ...usual.filter(() => keys.length > 1).map(([name, , all]) => make("button", words[all], { type: "button", onclick: run(() => saveAll(name)) })),
  );
  suggestPath();
  ($("unlock").hidden ? $("key-title") : passphrase ? $("usual").firstChild : $("passphrase")).focus();
}

// openIt opens the key with its passphrase, and shows what needs it.
async function openIt() {
  const key = current, passphrase = $("passphrase").value;
  if (!passphrase) throw { message: words.noPassphrase, advice: "give-passphrase" };
  const { answer: a } = await answer({ do: "inspect", name: key.name, index: key.index, passphrase }, [key.data]);
  if (key !== current) return; // they were cleared meanwhile, or others opened
  key.info = a.info;
  show(key, passphrase);
  tell(words.isOpen, "good");
}

const options = (id, all, row) => $(id).replaceChildren(...all.map((one) => { const [value, text] = row(one); return make("option", text, { value }); }));

// ---- saving
function download(name, data) {
  const url = URL.createObjectURL(new Blob([data], { type: "application/octet-stream" }));
  make("a", "", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

// newPassphrase returns what was typed twice, undefined for nothing.
function newPassphrase(first, second, needed) {
  const [one, two] = [$(first).value, $(second).value];
  if (one !== two) throw { message: words.mismatch, advice: "" };
  if (needed && !one) throw { message: words.noNew, advice: "" };
  return one || undefined;
}

function request(key, more) {
  const protect = document.querySelector("input[name=protect]:checked").value;
  return {
    name: key.name, pasted: key.pasted, index: key.index, passphrase: key.info?.encrypted ? $("passphrase").value || undefined : undefined, plain: protect === "plain",
    new: !("new" in more) && protect === "new" && key.info?.private ? newPassphrase("new1", "new2", true) : undefined, comment: $("comment").value || undefined, ...more,
  };
}

async function save(to) {
  const i = current.info, isPublic = !about.formats.find((f) => f.name === to).private;
  const asShown = isPublic && { new: undefined, comment: $("comment").value || (i.encrypted ? i.key?.comment : undefined) };
  const { answer: a, files } = await answer(request(current, { do: "convert", to, ...asShown }), [current.data]);
  a.files.forEach((file, n) => {
    download(file.name, files[n]);
    tell(say("saved", { name: file.name, form: file.title ?? "" }), "good");
  });
  notes(a);
}

const notes = (a) => (a.notes ?? []).forEach((n) => tell((n.warning ? words.warning : "") + (n.file ? n.file + ": " : "") + sentence(n.text), n.warning ? "warn" : "", n.advice));

async function saveAll(to) {
  const names = [], data = [], bad = [];
  for (const key of keys.filter((k) => k.info?.private)) {
    const result = await ask(request(key, { do: "convert", to }), [key.data]);
    names.push(...(result.answer.files ?? []).map((file) => file.name));
    data.push(...result.files);
    if (result.answer.error) { bad.push(key); problem(result.answer.error, key.name); }
  }
  if (bad.length && !bad.includes(current)) show(bad[0]);
  if (!names.length) return;
  const { answer: a, files } = await answer({ do: "pack", names }, data);
  download(a.files[0].name, files[0]);
  tell(say("savedMany", { count: names.length, name: a.files[0].name, bad: bad.length }), "good");
}

// ---- forgetting
function forget() {
  for (const key of keys) key.data?.fill(0);
  keys = [];
  current = undefined;
  for (const field of document.querySelectorAll("input[type=password],textarea,#comment,#fresh-comment")) field.value = "";
  for (const id of ["key", "save", "comparing", "list"]) $(id).hidden = true;
  for (const id of ["about", "names", "verdicts", "said"]) $(id).replaceChildren();
  $("files").value = "";
  document.querySelector("input[name=protect]").click(); // what was chosen for one key is not for the next
}

function suggestPath() {
  const p = about.programs.find((one) => one.name === $("program").value);
  const base = (current?.name ?? "key").replace(/\.(pem|ppk|key|pub|txt)$/i, "");
  $("path").value = p.needsPPK ? (p.onWindows ? "C:\\keys\\" : "") + base + ".ppk" : "~/.ssh/" + base;
  for (const element of [$("page"), $("page").labels[0]]) element.hidden = p.name !== "putty";
}

function suggestSizes() {
  const type = about.types.find((one) => one.name === $("type").value);
  options("size", type.sizes?.length ? type.sizes : [0], (size) => [size, say("sizeOf", { size: size || type.default })]);
  $("size").value = type.default;
  options("as", about.formats.filter((f) => type.formats.includes(f.name)), (f) => [f.name, f.title + " (" + f.extension + ")"]);
}

// ---- the beginning
const actions = {
  paste: run(async () => {
    const text = $("text").value;
    if (!text.trim()) throw { message: words.nothing, advice: "" };
    await openFiles([new File([text], words.pasted)]);
  }),
  compare: run(async () => {
    const { answer: a } = await answer(request(current, { do: "check", public: $("expected").value, new: undefined }), [current.data]);
    tell(say(a.matched ? "matches" : "whole", { ...a.key, fingerprint: a.key.fingerprints[0].text, how: how(a.matched) }), "good");
    notes(a);
  }),
  session: run(async () => {
    const target = $("user").value && !$("server").value.includes("@") ? $("user").value + "@" + $("server").value : $("server").value;
    const { answer: a, files } = await answer({ do: "session", program: $("program").value, session: $("name").value, target, keyFile: $("path").value, codePage: Number($("page").value) });
    download(a.files[0].name, files[0]);
    tell(say("saved", { name: a.files[0].name, form: a.files[0].title }), "good");
    tell(say("next", { what: a.next, path: $("path").value }));
  }),
  fresh: run(async () => {
    const secret = newPassphrase("fresh1", "fresh2");
    const { answer: a, files } = await answer({ do: "generate", type: $("type").value, bits: Number($("size").value), to: $("as").value, new: secret, comment: $("fresh-comment").value || undefined });
    download(a.files[0].name, files[0]);
    await openFiles([new File([files[0]], a.files[0].name)]);
    if (current?.name !== a.files[0].name) return; // it was cleared meanwhile, or another opened
    $("passphrase").value = secret ?? "";
    if (secret) await openIt().then(quiet);
    $("save-public").focus();
    tell(say("made", { name: a.files[0].name }), "good");
    notes(a);
  }),
  save: (event) => event.preventDefault(),
};

function begin() {
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = words[element.dataset.say];
  for (const [name, value] of [["version", build.version], ["commit", build.commit], ["sum", build.wasm], ["madeWith", build.go]]) $("facts").append(make("dt", words[name]), make("dd", value || words.own));
  const lacks = ["WebAssembly", "DecompressionStream", "Worker"].find((name) => !(name in window));
  if (window.top !== window.self) return state("framed", "bad");
  if (!window.isSecureContext) return state("insecure", "bad");
  if (lacks) return state("old", "bad", { what: lacks });
  state("starting", "");
  for (const [id, action] of Object.entries(actions)) $(id).onsubmit = action;
  $("files").onchange = run(() => openFiles([...$("files").files]));
  addEventListener("dragover", (event) => { event.preventDefault(); $("drop").classList.add("over"); });
  addEventListener("dragleave", () => $("drop").classList.remove("over"));
  addEventListener("drop", run((event) => { $("drop").classList.remove("over"); return about && openFiles([...event.dataTransfer.files]); }));
  addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files], text = event.clipboardData.getData("text");
    if (!about || /^(input|textarea)$/i.test(event.target.tagName) || !(files.length || text.trim())) return;
    run(() => openFiles(files.length ? files : [new File([text], words.pasted)]))(event);
  });
  document.querySelectorAll("input[name=protect]").forEach((radio) => { radio.onchange = () => { $("newer").hidden = radio.value !== "new"; }; });
  $("open-it").onclick = run(openIt);
  $("passphrase").onkeydown = (event) => { if (event.key === "Enter") run(openIt)(event); };
  $("save-public").onclick = run(() => save("public"));
  $("other").onclick = run(() => save($("form").value));
  $("public").onfocus = () => $("public").select();
  $("copy").onclick = run(() => navigator.clipboard.writeText($("public").value).then(() => tell(words.copied), () => { $("public").focus(); tell(words.selected); }));
  $("cancel").onclick = () => { stop(); startWorker(); };
  $("clear").onclick = run(() => { stop(); forget(); for (const id of ["server", "user", "name"]) $(id).value = $(id).defaultValue; if (about) suggestPath(); startWorker(); tell(words.cleared); $("files").focus(); });
  $("program").onchange = suggestPath;
  $("type").onchange = suggestSizes;
  addEventListener("pagehide", () => { forget(); stop(); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  startWorker().then(() => {
    options("program", about.programs, (p) => [p.name, p.title]);
    options("page", about.codePages, (page) => [page, page]);
    options("type", about.types, (t) => [t.name, t.title]);
    options("users", words.users.split(" "), (user) => [user, ""]);
    $("page").value = 1252;
    suggestPath();
    suggestSizes();
    $("main").hidden = false;
  }, () => {});
}
begin();
