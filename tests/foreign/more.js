// More claims of the page, by one who had read nothing else: who may, the order of judgement, digests, dates, names, streams.
"use strict";
const assert = require("assert");
const { encode } = require("@msgpack/msgpack");
const { digest } = require("./digest.js");
const page = require("./page.js");

module.exports = ({ check, world, assign, refused, taskIn, Checked, newAgency, newKey }) => {
  const once = () => `m-${Math.random()}`;
  const stream = async (fields, agency = "so") => {
    const client = new Checked(await newKey(agency, ["read"]));
    return client.call("subscribe", { credit: 10, ...fields }).then(reply => ({ client, reply }));
  };

  check("may, of each role in each state, is what the table of actions says, and who may not is not_authorised", async () => {
    const roles = { tinh: "assigner", huyen: "lead", so: "supervisor" };
    const says = (row, state) => row.states === "any" || (/^any but/.test(row.states) ? !row.states.includes(state) : row.states.split(", ").includes(state));
    const rows = Object.entries(page.actions).filter(([action]) => !["acknowledge", "take_back", "opine", "recall"].includes(action)); // they want an escalation, a request, a question
    const asks = ["grant", "deny"]; // of a request of the lead, and none is open
    const whose = (row, role) => `, ${row.who}`.replace("all with a role", "assigner, lead, supervisor").includes(`, ${role}`);
    for (const state of page.terms.state) {
      const task = await taskIn(state, "recommendation");
      for (const [agency, role] of Object.entries(roles)) {
        const by = agency === "tinh" ? world.admin : world[agency];
        const may = (await by.call("task_get", { task })).may || [];
        assert.deepStrictEqual([...may].sort(), rows.filter(([, row]) => whose(row, role) && says(row, state)).map(row => row[0]).sort(), `${role}, ${state}`);
        for (const [action, row] of rows.filter(([, row]) => !whose(row, role)))
          await refused(asks.includes(action) ? "ask_unknown" : "not_authorised", by.call(action, { task, note: "x", lead: "so", content: { area: "x" }, asking: "return", ask: 1, answer: "agreed", agencies: ["xa-1"], due: "5wd" }), undefined, row);
      }
    }
  });
  check("it is judged in the order: right, done before, types, may read, role, expect, state", async () => {
    const { task } = await assign(), id = once();
    await refused("right_missing", new Checked(await newKey("huyen", ["read"])).call("accept", { task: "x" }));
    await world.huyen.call("comment", { task, note: "x" }, id);
    await refused("right_missing", world.huyen.call("status"));
    await refused("request_reused", world.huyen.call("comment", { task: "x" }, id));
    await refused("bad_type", world["xa-2"].call("accept", { task, expect: "x" }), "expect");
    await refused("task_unknown", world["xa-2"].call("accept", { task, expect: 9 }), "task");
    await refused("not_authorised", world.admin.call("accept", { task, expect: 9 }));
    await refused("conflict", world.huyen.call("start", { task, expect: 9 }), "expect");
    await refused("wrong_state", world.huyen.call("start", { task, expect: 2 }));
  });
  check("a record's digest is BLAKE2b of 16 bytes over the request's frame; in a batch, over its own map's bytes", async () => {
    assert(page.text.includes(digest(page.vectors[0].bytes).toString("hex")), "the example's digest is another");
    const { task } = await assign(), map = { op: "comment", id: once(), task, note: "một" }, inner = { ...map, id: once() };
    await world.huyen.sendFrame(map.id, encode(map));
    await world.huyen.call("batch", { requests: [inner] });
    const { records } = await world.huyen.call("task_history", { task, limit: 2 });
    assert.deepStrictEqual(records.map(record => Buffer.from(record.digest)), [inner, map].map(each => digest(Buffer.from(encode(each)))));
  });
  check("a pause moves a deadline as the table of examples says; a minute that is named is too late itself", async () => {
    const rows = page.table("With work from Monday to Friday, 07:30 to 11:30 and 13:30 to 17:00, and `calendar_explain` says the same:");
    assert.strictEqual(rows.length, 8);
    for (const [from, suspended, resumed, then] of rows) {
      const { day, due } = await world.admin.call("calendar_explain", { from, suspended, resumed });
      assert.deepStrictEqual(then.includes("T") ? due : day, then.includes("T") ? Date.parse(`${then}+07:00`) : then, `${from} ${suspended}`);
    }
    assert.strictEqual((await assign("huyen", { due: "2099-06-30T10:00" })).due, Date.UTC(2099, 5, 30, 3));
  });
  check("a calendar and a policy that are tried say what would be otherwise, and a task is explained, each by its table", async () => {
    const policy = { policy: "thu", steps: [{ deadline: "completion", offset: 3, unit: "working_days", does: "escalate", level: 1, to: ["supervisor"] }] };
    await world.admin.call("policy_set", { policy });
    const { task } = await assign("huyen", { due: "9wd", supervisor: "so" }, world.admin, { policy: "thu" });
    const { due_day } = (await world.admin.call("task_get", { task })).task;
    const { calendars: [calendar] } = await world.admin.call("calendar_list", { name: "default" });
    const tried = { ...calendar, exceptions: [...(calendar.exceptions || []), { day: due_day, working: false }] }, moves = [];
    for (let after = 0; after !== undefined;) {
      const reply = await world.admin.call("calendar_set", { calendar: tried, dry_run: true, after });
      assert.deepStrictEqual(page.wrongMessage("change_reply", reply, "reply", ["op", "id"]), []);
      moves.push(...(reply.moves || []));
      after = reply.next;
    }
    assert(moves.some(move => move.task === task && move.due_day === due_day && move.to_day > due_day), "it says that the date would move");
    const sooner = { ...policy, steps: [{ ...policy.steps[0], offset: 1 }] }, rehearsed = [];
    for (let after = 0; after !== undefined;) {
      const reply = await world.admin.call("policy_set", { policy: sooner, dry_run: true, since: 0, after });
      assert.deepStrictEqual(page.wrongMessage("change_reply", reply, "reply", ["op", "id"]), []);
      rehearsed.push(...(reply.rehearsed || []));
      after = reply.next;
    }
    const [rung] = rehearsed.find(one => one.task === task).rungs;
    assert(rung.would < rung.was && !rung.past && rung.to.includes("supervisor"), "it would come sooner");
    assert.strictEqual((await world.admin.call("policy_list", { name: "thu" })).policies[0].version, 1);
    const explained = await world.admin.call("task_explain", { task });
    assert.deepStrictEqual(page.wrongMessage("task_explain_reply", explained, "reply", ["op", "id"]), []);
    const due = explained.dates.find(date => date.deadline === "completion");
    assert(due.due_day === due_day && due.counted.words === "9wd" && due.lines.length > 1, "it says how it was counted");
    assert(explained.ladder[0].next === rung.was && explained.ladder[0].told.includes("so"), "and when the ladder comes, and to whom");
  });
  check("ids told apart by capitals alone, names of nothing seen, references with @, - or a blank at an end are bad_value", async () => {
    for (const agency of ["HUYEN", "-a", "a b", "đ"]) await refused("bad_value", world.admin.call("agency_set", { agency: { agency, name: "x" } }), "agency.agency");
    for (const name of ["a\nb", "a\tb", "  "]) await refused("bad_value", world.admin.call("agency_set", { agency: { agency: "ten", name } }), "agency.name");
    for (const reference of ["@1", "-x", " a", "a ", "a\tb"]) await refused("bad_value", assign("so", {}, world.admin, { reference }), "reference");
    await newAgency("cu", "tinh");
    await world.admin.call("agency_set", { agency: { agency: "cu", name: "x", valid_until: 1719536400000, successor: "so" } });
    assert(/\bso\b/.test((await refused("not_assignable", assign("cu"))).message), "an agency that is gone is no lead, and its successor is named");
  });
  check("from beyond the newest, and consumed beyond what came, are out_of_range; another store is other_store", async () => {
    const { seq, store } = await world.so.call("hello");
    await refused("out_of_range", stream({ from: seq + 1000 }), "from");
    await refused("other_store", stream({ store: Buffer.alloc(16, 1) }));
    const { client, reply } = await stream({ store, consumer: "kho", from: seq });
    assert.strictEqual(reply.from, seq);
    await refused("out_of_range", client.call("consumed", { seq: seq + 1000 }), "seq");
  });
  check("what a lead asks is its decider's to grant, as asked or otherwise, or to deny; its own to take back; and one of a kind is open", async () => {
    const { task } = await assign("huyen", { due: "2099-06-30" });
    const ask = async fields => (await world.huyen.call("ask", { task, note: "vướng", ...fields })).seq;
    const last = async () => (await world.admin.call("task_get", { task })).task.asks.pop();
    const extension = { asking: "extension", due: "2099-07-31" }, first = await ask(extension);
    assert.deepStrictEqual([(await last()).ask, (await last()).decider, (await last()).outcome], [first, "tinh", undefined]);
    await refused("already_asked", ask(extension));
    await refused("missing_field", ask({ asking: "transfer" }), "lead");
    await refused("bad_value", ask({ asking: "return", until: "2099-01-05" }), "until");
    await refused("not_authorised", world.huyen.call("grant", { task, ask: first }));
    await refused("ask_unknown", world.admin.call("deny", { task, ask: first + 999, note: "x" }), "ask");
    const granted = (await world.admin.call("grant", { task, ask: first, due: "2099-07-05" })).tasks[0];
    assert.deepStrictEqual([granted.due_day, granted.day_off, (await last()).granted.due_day], ["2099-07-05", true, "2099-07-05"], "a Sunday");
    await world.admin.call("deny", { task, ask: await ask({ asking: "return" }), note: "làm tiếp" });
    assert.deepStrictEqual([(await last()).outcome, (await last()).decision], ["denied", "làm tiếp"]);
    await world.huyen.call("take_back", { task, ask: await ask({ asking: "suspension", until: "2099-01-05" }) });
    assert.strictEqual((await last()).outcome, "taken_back");
  });
  check("whom the assigner excludes is told by no escalation and reads no more; a dry run is decided like the change, and is none", async () => {
    const { task } = await assign(), excluded = content => world.admin.call("amend", { task, content });
    assert.strictEqual((await world.admin.call("hello")).dry_runs, true);
    await world.huyen.call("escalate", { task, note: "x", to: ["so"] });
    await world.so.call("task_get", { task });
    assert.strictEqual((await world.admin.call("amend", { task, content: { excluded: ["so"] }, dry_run: true })).dry_run, true);
    await world.so.call("task_get", { task });
    await excluded({ excluded: ["so"] });
    await refused("task_unknown", world.so.call("task_get", { task }));
    await refused("bad_value", world.huyen.call("escalate", { task, note: "x", to: ["so"] }), "to[0]");
    await refused("duplicate_role", excluded({ excluded: ["huyen"] }), "content.excluded[0]");
    await excluded({ excluded: [] });
    await world.huyen.call("escalate", { task, note: "x", to: ["so"] });
    await world.so.call("task_get", { task });
  });
};
