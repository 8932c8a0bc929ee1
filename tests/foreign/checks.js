// PROTOCOL.md against a live broker, by a client that was written from it: each check is a claim of the page.
//
// Usage: node checks.js      COORDD=path of the broker; every frame that comes is held against the page's tables besides.
"use strict";
const assert = require("assert");
const { spawn, spawnSync } = require("child_process");
const fs = require("fs");
const net = require("net");
const os = require("os");
const path = require("path");
const zmq = require("zeromq");
const { decode, encode } = require("@msgpack/msgpack");
const { Client, Refused, readContext, loadContext } = require("./client.js");
const page = require("./page.js");

const COORDD = process.env.COORDD || path.join(__dirname, "..", "..", "build", "coordd");
const PRESETS = path.join(__dirname, "..", "..", "clients", "presets");
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const clients = [], checks = [];
let mismatches = 0, held = 0;

// A client each of whose frames is held against the page.
class Checked extends Client {
  constructor(settings) {
    super(settings);
    this.asked = new Map();
    clients.push(this);
  }

  sendFrame(id, frame, timeout) {
    this.asked.set(id, decode(frame).op);
    return super.sendFrame(id, frame, timeout);
  }

  take(parts) {
    const frame = decode(parts[0]);
    held++;
    for (const words of page.wrongAnswer(frame, this.asked.get(frame.id))) {
      mismatches++;
      console.log(`MISMATCH  ${words}\n          in ${JSON.stringify(frame).slice(0, 400)}`);
    }
    super.take(parts);
  }

  async raw(bytes, ...more) {
    await this.sending;
    await this.socket.send([bytes, ...more]);
    return this.next();
  }
}

const check = (name, run) => checks.push({ name, run: async () => run() });
const claim = text => assert(page.text.replace(/\s+/g, " ").includes(text), `the page does not say: ${text}`);

async function refused(error, call, field) {
  const fault = await call.then(() => null, fault => fault);
  assert(fault instanceof Refused, `not refused as ${error}, but ${fault}`);
  assert.strictEqual(fault.error, error, fault.message);
  if (field !== undefined) assert.strictEqual(fault.fields.field || "", field, fault.message);
  return fault.fields;
}

// ---- the broker, and agencies at it ----
const world = { directory: fs.mkdtempSync(path.join(os.tmpdir(), "coordd-foreign-")) };

// As tests/rig/ports.py: below the ports that the system gives to connections, and none that another test has the name of.
const FIRST = 12000, LAST = 32000;
async function freePort() {
  for (let tried = 0; tried < LAST - FIRST; tried++) {
    const port = FIRST + (process.pid * 37 + tried) % (LAST - FIRST);
    if (fs.readFileSync("/proc/net/unix", "utf8").includes(`@coordd-test-port-${port}\n`)) continue;
    const free = await new Promise(resolve => {
      const server = net.createServer().on("error", () => resolve(false)).listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error(`no port from ${FIRST} to ${LAST} is free`);
}

function start() {
  world.process = spawn(COORDD, ["run", "--dir", world.store, "--listen", world.endpoint],
    { stdio: ["ignore", "ignore", fs.openSync(path.join(world.directory, "log"), "a")] });
}

function stop(signal) {
  world.process.kill(signal);
  return new Promise(resolve => world.process.once("exit", resolve));
}

async function begin() {
  world.store = path.join(world.directory, "store");
  world.endpoint = `tcp://127.0.0.1:${await freePort()}`;
  const made = spawnSync(COORDD, ["init", "--dir", world.store, "--agency", "tinh", "--name", "Tỉnh", "--listen", world.endpoint,
    "--tasking", "open", "--default-policy", "none"]);
  assert.strictEqual(made.status, 0, String(made.stderr));
  start();
  world.settings = loadContext(path.join(world.store, "admin.context"));
  world.admin = new Checked(world.settings);
  const calendar = JSON.parse(fs.readFileSync(path.join(PRESETS, "calendar-vn.json"), "utf8")).calendars[0];
  await world.admin.call("calendar_set", { calendar });
  for (const [agency, parent] of [["huyen", "tinh"], ["so", "tinh"], ["xa-1", "huyen"], ["xa-2", "huyen"]])
    world[agency] = new Checked(await newAgency(agency, parent));
}

async function newKey(agency, rights = ["act"], label = `văn thư ${Math.random()}`) {
  const keys = zmq.curveKeyPair();
  await world.admin.call("key_set", { agency, key: { public_key: keys.publicKey, label, rights } });
  return { ...world.settings, agency, public_key: keys.publicKey, secret_key: keys.secretKey };
}

async function newAgency(agency, parent) {
  await world.admin.call("agency_set", { agency: { agency, name: agency, parent } });
  return newKey(agency);
}

let references = 0;
async function assign(lead = "huyen", content = {}, by = world.admin, fields = {}) {
  const reference = `F-${++references}`;
  const reply = await by.call("assign", { reference, leads: [lead], ...fields, content: { title: "Báo cáo", ...content } });
  return reply.tasks[0];
}

async function end() {
  for (const client of clients) client.close();
  await stop("SIGTERM");
  fs.rmSync(world.directory, { recursive: true, force: true });
}

// ---- connection ----
check("a context file: the first = parts, # begins a comment at the beginning of a line alone", () => {
  const read = readContext("# c\n ; c\n\nendpoint = tcp://h:5670\nserver_key = #a=b#c\nagency=x\nfuture = 1\n");
  assert.deepStrictEqual(read, { endpoint: "tcp://h:5670", server_key: "#a=b#c", agency: "x" });
});
check("hello tells whose key it is, the limits and the store", async () => {
  const hello = await world.huyen.call("hello");
  assert.strictEqual(hello.agency, "huyen");
  assert.deepStrictEqual(hello.rights, ["act"]);
  assert.deepStrictEqual([hello.frame_max, hello.batch_max, hello.page_max, hello.credit_max], [1048576, 256, 1000, 65536]);
  assert.strictEqual(hello.store.length, 16);
});
check("a refused key is told with 400, its socket never tries again, and a new one is taken once the key is added", async () => {
  claim("A socket that was refused never tries again");
  const keys = zmq.curveKeyPair();
  const stranger = new Checked({ ...world.settings, public_key: keys.publicKey, secret_key: keys.secretKey });
  const told = await refused("key_unknown", stranger.call("hello"));
  assert(told.message.includes("400"), told.message);
  await refused("key_unknown", stranger.call("hello"));
  await world.admin.call("key_set", { agency: "so", key: { public_key: keys.publicKey, label: "mới", rights: ["act"] } });
  assert.strictEqual((await stranger.call("hello")).agency, "so");
});
check("a key that is revoked has its stream closed with the reason, its messages refused, and its connection cut", async () => {
  const settings = await newKey("so");
  const client = new Checked(settings);
  await client.call("subscribe", { credit: 10 });
  await world.admin.call("key_revoke", { public_key: settings.public_key });
  const closed = await client.next();
  assert.deepStrictEqual([closed.op, closed.ending], ["closed", "key_revoked"]);
  for (let last = "key_revoked"; last === "key_revoked";) {
    const fault = await client.call("hello").catch(fault => fault);
    assert(["key_revoked", "key_unknown"].includes(fault.error), String(fault));
    last = fault.error;
  }
  await refused("key_taken", world.admin.call("key_set",
    { agency: "so", key: { public_key: settings.public_key, label: "lại", rights: ["act"] } }));
});

// ---- frames ----
check("each frame in hexadecimal is what the words before it say, and has as many bytes", () => {
  assert(page.vectors.length >= 7);
  for (const { words, size, bytes } of page.vectors) {
    assert.strictEqual(bytes.length, size);
    const frame = decode(bytes);
    if (frame.op === "record") delete frame.digest;
    assert.deepStrictEqual(frame, words);
    if (frame.op !== "record") assert.deepStrictEqual(Buffer.from(encode(words)), bytes, "encoded here it is other bytes");
    const whole = decode(bytes);
    const op = { "c0de-1": "accept", b: "batch" }[whole.id];
    const wrong = frame.op in page.requests ? [] : page.wrongAnswer(whole, op);
    assert.deepStrictEqual(wrong, []);
  }
});
check("unknown keys are ignored with all that they hold, and nil is as good as absent", async () => {
  const reply = await world.huyen.call("task_list", { later: { x: [1, { y: null }] }, limit: null });
  assert(Array.isArray(reply.tasks));
});
check("a key that is no text is bad_type, one given twice bad_value", async () => {
  const begins = Buffer.from("\x83\xa2op\xa5hello\xa2id\xa1d", "latin1");
  assert.strictEqual((await world.huyen.raw(Buffer.concat([begins, Buffer.from([1, 2])]))).error, "bad_type");
  for (const twice of ["\xa2id\xa1e", "\xa2op\xa5hello"])
    assert.strictEqual((await world.huyen.raw(Buffer.concat([begins, Buffer.from(twice, "latin1")]))).error, "bad_value");
  const later = Buffer.concat([Buffer.from("\x84\xa2op\xa5hello\xa2id\xa1d", "latin1"), Buffer.from("\xa1x\x01\xa1x\x01", "latin1")]);
  assert.strictEqual((await world.huyen.raw(later)).error, "bad_value");
});
check("what is no map, is cut short, has more behind it or more frames is refused, and the connection stands", async () => {
  const hello = Buffer.from(encode({ op: "hello", id: "m" }));
  for (const bytes of [Buffer.from([0x93, 1, 2, 3]), hello.subarray(0, 9), Buffer.concat([hello, hello]), Buffer.alloc(0)])
    await world.huyen.raw(bytes).then(({ error, id }) => assert(/^frame_/.test(error) && id === undefined));
  assert(/^frame_/.test((await world.huyen.raw(hello, hello)).error));
  assert.strictEqual((await world.huyen.call("hello")).agency, "huyen");
});
check("depth counts the frame's own map as the first, and empty ones; values count keys", async () => {
  const deep = depth => ({ op: "hello", id: "d", x: JSON.parse("[".repeat(depth - 1) + "]".repeat(depth - 1)) });
  assert.strictEqual((await world.huyen.raw(encode(deep(8)))).op, "reply");
  assert.strictEqual((await world.huyen.raw(encode(deep(9)))).error, "frame_too_deep");
  const many = count => encode({ op: "hello", id: "v", x: new Array(count - 7).fill(0) });
  assert.strictEqual((await world.huyen.raw(many(131072))).op, "reply");
  assert.strictEqual((await world.huyen.raw(many(131073))).error, "frame_too_many");
});
check("a frame holds at most 1 MiB, and 64 KiB more are read to say so", async () => {
  const filled = size => encode({ op: "hello", id: "s", x: "x".repeat(size - encode({ op: "hello", id: "s", x: "" }).length - 4) });
  assert.strictEqual(filled(1048576).length, 1048576);
  assert.strictEqual((await world.huyen.raw(filled(1048576))).op, "reply");
  for (const beyond of [1, 65536 - 33]) // 33 bytes are its encryption's
    assert.strictEqual((await world.huyen.raw(filled(1048576 + beyond))).error, "frame_too_large");
});
check("types and bounds: bad_type, out_of_range, bad_term, bad_text, missing_field, unknown_op, with the field", async () => {
  const { task } = await assign();
  await refused("bad_type", world.huyen.call("report", { task: String(task) }), "task");
  await refused("out_of_range", world.huyen.call("report", { task, percent: 101 }), "percent");
  await refused("bad_type", world.huyen.call("report", { task, percent: 1.5 }), "percent");
  await refused("out_of_range", world.huyen.call("report", { task, percent: -1 }), "percent");
  await refused("bad_text", world.huyen.call("report", { task, note: "a\u0007" }), "note");
  await refused("missing_field", world.huyen.call("report", {}), "task");
  await refused("bad_term", world.admin.call("assign", { reference: "T", leads: ["so"], content: { title: "x", kind: "order" } }),
    "content.kind");
  await refused("unknown_op", world.huyen.call("tide"));
  await refused("missing_field", world.admin.call("assign", { reference: "T", leads: ["so"], content: {} }), "content.title");
});
check("an integer may come as a float of a whole number", async () => {
  const { task } = await assign();
  const id = "float-1", op = Buffer.from("\x83\xa2op\xa8task_get\xa2id\xa7float-1\xa4task\xcb", "latin1"), float = Buffer.alloc(8);
  float.writeDoubleBE(task);
  assert.strictEqual((await world.huyen.sendFrame(id, Buffer.concat([op, float]))).task.task, task);
});
check("text is kept in NFC", async () => {
  const { task } = await assign("huyen", { title: "Ba\u0301o ca\u0301o" });
  assert.strictEqual((await world.huyen.call("task_get", { task })).task.title, "Báo cáo");
});
check("an id is 1 to 64 bytes of printable ASCII; a change needs one, a read may go without and so does its answer", async () => {
  assert.strictEqual((await world.huyen.raw(encode({ op: "hello" }))).id, undefined);
  assert.strictEqual((await world.huyen.raw(encode({ op: "comment", task: 1, note: "x" }))).error, "missing_field");
  assert.strictEqual((await world.huyen.raw(encode({ op: "hello", id: "x".repeat(65) }))).error, "out_of_range");
  assert.strictEqual((await world.huyen.raw(encode({ op: "hello", id: "é" }))).error, "bad_text");
});

// ---- requests ----
check("a change is done once: the same bytes get the same answer, over any connection; other bytes are request_reused", async () => {
  const { task } = await assign();
  const frame = encode({ op: "comment", id: "once", task, note: "một" });
  const first = await world.huyen.sendFrame("once", frame);
  assert.deepStrictEqual(await world.huyen.sendFrame("once", frame), first);
  const other = new Checked(await newKey("huyen"));
  assert.deepStrictEqual(await other.sendFrame("once", frame), first);
  await refused("request_reused", world.huyen.sendFrame("once", encode({ id: "once", op: "comment", task, note: "một" })));
  const again = await world.so.call("task_list", {}, "once"); // ids are an agency's own
  assert(again.tasks);
});
check("a request that was refused leaves no trace, and its id is free", async () => {
  const { task } = await assign();
  await refused("wrong_state", world.huyen.call("start", { task }, "free-1"));
  assert.strictEqual((await world.huyen.call("accept", { task }, "free-1")).tasks[0].state, "accepted");
});
check("expect of another version is a conflict that tells version and state; wrong_state tells the state", async () => {
  const { task, version } = await assign();
  await world.huyen.call("accept", { task, expect: version });
  const conflict = await refused("conflict", world.huyen.call("start", { task, expect: version }), "expect");
  assert.deepStrictEqual([conflict.version, conflict.state], [version + 1, "accepted"]);
  assert.strictEqual((await refused("wrong_state", world.huyen.call("accept", { task }))).state, "accepted");
});
check("a batch is answered in order, each by itself, whole maps; what may not be in it is refused", async () => {
  const { task } = await assign();
  const requests = [{ op: "accept", id: "b1", task }, { op: "task_get", id: "b2", task: 999999 }, { op: "start", id: "b3", task },
    { op: "batch", id: "b4", requests: [{ op: "hello", id: "b5" }] }, { op: "subscribe", id: "b6", credit: 1 }];
  const { replies } = await world.huyen.call("batch", { requests });
  assert.deepStrictEqual(replies.map(reply => [reply.op, reply.id]),
    [["reply", "b1"], ["error", "b2"], ["reply", "b3"], ["error", "b4"], ["error", "b6"]]);
  replies.forEach((reply, i) => assert.deepStrictEqual(page.wrongAnswer(reply, requests[i].op), []));
  assert.deepStrictEqual(await world.huyen.sendFrame("b1", encode(requests[0])), replies[0], "alone it is another request");
  const many = count => world.huyen.call("batch", { requests: Array.from({ length: count }, (_, i) => ({ op: "hello", id: `n${i}` })) });
  assert.strictEqual((await many(256)).replies.length, 256);
  await refused("out_of_range", many(257), "requests");
});
check("pages: next and after, before for a history; at most 1,000", async () => {
  const { task } = await assign();
  for (let i = 0; i < 4; i++) await world.huyen.call("comment", { task, note: `${i}` });
  const all = (await world.admin.call("task_list", { limit: 1000 })).tasks.map(item => item.task);
  const paged = [];
  for await (const reply of world.admin.pages("task_list", { limit: 3 })) paged.push(...reply.tasks.map(item => item.task));
  assert.deepStrictEqual(paged, all);
  const history = [];
  for await (const reply of world.admin.pages("task_history", { task, limit: 2 })) history.push(...reply.records);
  const seqs = history.map(record => record.seq);
  assert.deepStrictEqual(seqs, [...seqs].sort((a, b) => b - a));
  assert.strictEqual(history.length, 5);
  history.forEach(record => assert.deepStrictEqual(page.wrongMessage("record", record, "record", ["op", "id"]), []));
  await refused("out_of_range", world.admin.call("task_list", { limit: 1001 }), "limit");
});
check("every read answers by its table", async () => {
  const { task } = await assign("huyen", { due: "10wd" });
  for (const [op, fields] of [["task_get", { task }], ["escalation_list", {}], ["summary", {}], ["agency_list", {}], ["key_list", {}],
    ["calendar_list", {}], ["policy_list", {}], ["status", {}], ["task_explain", { task }], ["calendar_explain", { calendar: "default", from: "2024-06-03", add: "10wd" }]])
    assert.strictEqual((await world.admin.call(op, fields)).op, "reply", op);
});
check("dates: end of a day, a minute, working days, days, working hours; and what is none", async () => {
  for (const [due, day] of [["2099-06-30", "2099-06-30"], ["2099-06-30T10:00", "2099-06-30"]])
    assert.strictEqual((await assign("huyen", { due })).due_day, day);
  for (const due of ["10wd", "30d", "16wh"]) assert((await assign("huyen", { due })).due > Date.now(), due);
  const end = await assign("huyen", { due: "2099-06-30" });
  assert.strictEqual(end.due, Date.UTC(2099, 5, 30, 17), "due is the first instant that is too late, by UTC+7");
  for (const due of ["soon", "2099-02-30", "10 wd", "2099-06-30T25:00"])
    await refused("bad_date", assign("huyen", { due }), "content.due");
  await refused("due_in_past", assign("huyen", { due: "2024-06-28" }), "content.due");
});

// ---- tasks ----
// A task of the admin's to huyen with so to supervise, in a state.
async function taskIn(state, kind = "directive") {
  const { task } = await assign("huyen", { supervisor: "so", kind });
  const ways = {
    assigned: [], accepted: ["accept"], in_progress: ["accept", "start"], submitted: ["accept", "submit"],
    completed: ["accept", "submit", "confirm"], suspended: ["accept", "suspend"], cancelled: ["cancel"],
  };
  for (const op of ways[state]) {
    const by = page.actions[op].who.startsWith("lead") ? world.huyen : world.admin;
    await by.call(op, { task, ...(["suspend", "cancel"].includes(op) ? { note: "lý do" } : {}) });
  }
  return task;
}

check("each action in each state does what the table of actions says", async () => {
  const states = page.terms.state;
  const extras = { reject: { note: "r" }, suspend: { note: "r" }, cancel: { note: "r" }, comment: { note: "n" },
    reassign: { lead: "xa-1", note: "r" }, amend: { content: { title: "Khác" } }, answer: { answer: "agreed", note: "n" }, escalate: { note: "r", to: ["tinh"] },
    consult: { agencies: ["xa-1"], due: "5wd", note: "n" } };
  for (const [action, row] of Object.entries(page.actions)) {
    if (["acknowledge", "grant", "deny", "take_back", "opine", "recall"].includes(action)) continue; // they want an escalation, a request or a question of the lead
    const by = /^lead/.test(row.who) || action === "escalate" ? world.huyen : world.admin;
    for (const state of states) {
      const task = await taskIn(state, action === "answer" ? "recommendation" : "directive");
      const may = row.states === "any" || (/^any but/.test(row.states) ? !row.states.includes(state) : row.states.split(", ").includes(state));
      const fields = { task, ...extras[action], ...(action === "ask" ? { note: "n", asking: state === "submitted" ? "withdrawal" : "return" } : {}) };
      for (const field of page.messages[page.requests[action].fields])
        assert(!field.required || field.name in fields, `${action} needs ${field.name}`);
      if (!may) {
        await refused("wrong_state", by.call(action, fields));
        continue;
      }
      const before = state === "suspended" ? "accepted" : state;
      const then = { stays: state, "the state before": before }[row.then] || row.then;
      assert.strictEqual((await by.call(action, fields)).tasks[0].state, then, `${action} in ${state}`);
    }
  }
});
check("who may not act is not_authorised, who may not read finds task_unknown, and from above one reads", async () => {
  const { task } = await assign("xa-1", {}, world.huyen);
  await refused("task_unknown", world["xa-2"].call("task_get", { task }), "task");
  await refused("not_authorised", world.admin.call("accept", { task }));
  assert.strictEqual((await world.admin.call("task_get", { task })).task.lead, "xa-1");
  const restricted = await assign("xa-1", { scope: "restricted" }, world.huyen);
  await refused("task_unknown", world.admin.call("task_get", { task: restricted.task }), "task");
  await refused("upward_directive", assign("tinh", {}, world.huyen), undefined);
});

// ---- notifications ----
check("one stream a connection; credit, consumed and unsubscribe without one are stream_unknown", async () => {
  const client = new Checked(await newKey("so"));
  for (const [op, fields] of [["credit", { credit: 1 }], ["consumed", { seq: 1 }], ["unsubscribe", {}]])
    await refused("stream_unknown", client.call(op, fields));
  const { from, seq } = await client.call("subscribe", { credit: 5 });
  assert.strictEqual(from, seq, "without from it begins with what comes next");
  await refused("already_subscribed", client.call("subscribe", { credit: 5 }));
  await refused("credit_limit", client.call("credit", { credit: 65532 }));
  await client.call("unsubscribe");
  assert.deepStrictEqual((await client.next()).ending, "unsubscribed");
});
check("without credit the stream waits and loses nothing; records come in sequence, each naming the agency in to", async () => {
  const client = new Checked(await newKey("xa-2"));
  await client.call("subscribe", { credit: 2 });
  const made = [];
  for (let i = 0; i < 4; i++) made.push((await assign("xa-2")).task);
  const got = [await client.next(), await client.next()];
  await client.call("hello"); // whose answer is behind all that came
  assert.deepStrictEqual(client.frames, [], "more came than there was credit for");
  await client.call("credit", { credit: 10 });
  got.push(await client.next(), await client.next());
  assert.deepStrictEqual(got.map(record => record.task), made);
  for (const record of got) {
    assert.deepStrictEqual([record.notice, record.severity], ["assigned", "notice"]);
    assert(record.to.includes("xa-2"));
  }
});
check("a consumer begins with what comes next, keeps its place, and its older subscriber is replaced", async () => {
  claim("The first time it begins with what comes next");
  await assign("xa-1");
  const first = new Checked(await newKey("xa-1"));
  const begun = await first.call("subscribe", { consumer: "kho", credit: 100 });
  assert.strictEqual(begun.from, begun.seq);
  const a = await assign("xa-1"), b = await assign("xa-1");
  const record = await first.next();
  assert.strictEqual(record.task, a.task);
  assert.strictEqual((await first.next()).task, b.task);
  await first.call("consumed", { seq: record.seq });
  const second = new Checked(await newKey("xa-1"));
  assert.strictEqual((await second.call("subscribe", { consumer: "kho", credit: 100 })).from, record.seq);
  assert.strictEqual((await first.next()).ending, "replaced");
  assert.strictEqual((await second.next()).task, b.task, "what was not consumed comes again");
  const replay = new Checked(await newKey("xa-1"));
  assert.strictEqual((await replay.call("subscribe", { from: 0, credit: 1 })).from, 0);
  assert((await replay.next()).seq < a.task + record.seq);
});
check("notices, severity and subtree choose", async () => {
  const client = new Checked(await newKey("huyen"));
  await client.call("subscribe", { credit: 100, notices: ["assigned"], subtree: true });
  const { task } = await assign("xa-2");
  await world["xa-2"].call("accept", { task });
  const other = await assign("huyen");
  assert.deepStrictEqual([(await client.next()).task, (await client.next()).task], [task, other.task]);
});
check("who is told of each action, and how loudly, is as the table says; the agency that acts is not", async () => {
  const rows = page.table("The agency that acts is not told of what it did. Of the others:");
  const supervisor = new Checked(await newKey("so"));
  const { seq } = await supervisor.call("subscribe", { credit: 1000 });
  const { task } = await assign("huyen", { supervisor: "so" });
  const extra = { reject: { note: "r" }, suspend: { note: "r" }, report: { percent: 1 }, comment: { note: "n" },
    amend: { content: { title: "Khác" } }, cancel: { note: "r" } };
  const done = ["assign"];
  for (const op of ["accept", "start", "report", "submit", "reject", "suspend", "resume", "amend", "comment", "submit", "confirm"]) {
    await (/^lead/.test(page.actions[op].who) ? world.huyen : world.admin).call(op, { task, ...extra[op] });
    done.push(op);
  }
  let last = seq;
  for (const op of done) {
    const row = rows.find(row => row[0] === `\`${op}\``);
    assert(row, `the table has no ${op}`);
    const record = await supervisor.next();
    assert(record && record.seq > last, `nothing came for ${op}`);
    last = record.seq;
    assert.deepStrictEqual([record.action, record.notice, record.severity], [op, ...row.slice(1, 3).map(cell => cell.replace(/`/g, ""))]);
    assert(!record.to.includes(record.actor), `${op} is told the agency that did it`);
  }
});
check("an escalation by hand is acknowledged by those that it is addressed to", async () => {
  const { task } = await assign("huyen");
  await world.huyen.call("escalate", { task, note: "Vượt thẩm quyền", to: ["tinh"] });
  const { escalations } = await world.admin.call("escalation_list");
  const { escalation } = escalations.find(item => item.task === task);
  await refused("not_authorised", world.huyen.call("acknowledge", { task, escalation: escalation.escalation }));
  await world.admin.call("acknowledge", { task, escalation: escalation.escalation, note: "Đã biết" });
  await refused("escalation_unknown", world.admin.call("acknowledge", { task, escalation: 999999999 }));
});
check("a resend after the broker was gone, over a new connection, has one effect", async () => {
  const { task } = await assign();
  await stop("SIGKILL");
  const waiting = world.huyen.call("comment", { task, note: "sau" });
  await sleep(300);
  start();
  await waiting;
  const { records } = await world.huyen.call("task_history", { task });
  assert.strictEqual(records.filter(record => record.note === "sau").length, 1);
});

require("./more.js")({ check, world, assign, refused, taskIn, Checked, newAgency, newKey });

async function main() {
  let failed = 0;
  await begin();
  for (const { name, run } of checks)
    await run().catch(error => {
      failed++;
      console.log(`MISMATCH  ${name}\n          ${String(error.stack).split("\n").slice(0, 6).join("\n          ")}`);
    });
  await end();
  console.log(failed || mismatches ? `${failed} of ${checks.length} claims do not hold; ${mismatches} frames are not as the page says`
    : `ok    foreign: ${checks.length} claims of PROTOCOL.md hold for a client in JavaScript; ${held} frames are as its tables say`);
  process.exit(failed || mismatches ? 1 : 0);
}

main().catch(error => {
  console.log(error.stack);
  if (world.process) world.process.kill("SIGKILL");
  process.exit(1);
});
