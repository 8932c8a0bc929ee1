// PROTOCOL.md, read by a program: its tables of requests, messages, terms, errors and actions, and its frames in
// hexadecimal. And what a message must be like by these tables alone.
"use strict";
const fs = require("fs");
const path = require("path");

const text = fs.readFileSync(path.join(__dirname, "..", "..", "protocol", "PROTOCOL.md"), "utf8");

const cells = line => line.split(/(?<!\\)\|/).slice(1, -1).map(cell => cell.trim());
const bare = cell => cell.replace(/`/g, "");

// The rows of the first table after a line.
function table(after) {
  const at = text.indexOf(`\n${after}\n`);
  if (at < 0) throw new Error(`the page has no ${after}`);
  const rows = [];
  for (const line of text.slice(at + after.length + 2).split("\n")) {
    if (line.startsWith("|")) rows.push(cells(line));
    else if (rows.length || /^#/.test(line)) break;
  }
  return rows.slice(2);
}

const messages = {};
const terms = {};
for (const [, name] of text.matchAll(/\n#### ([a-z_]+)\n/g))
  messages[name] = table(`#### ${name}`).map(([field, type, bounds, need]) =>
    ({ name: bare(field), type, bounds, required: need === "required" }));
for (const [, name] of text.matchAll(/\n#### terms: ([a-z_]+)\n/g))
  terms[name] = table(`#### terms: ${name}`).map(row => bare(row[0]));

const requests = {};
for (const [op, fields, right, kind, reply] of table("## The requests"))
  requests[bare(op)] = { fields: fields.match(/\[(.*?)\]/)[1], right, kind, reply: reply.match(/\[(.*?)\]/)[1] };

const errors = {};
for (const [name, code, retry] of table("## Errors")) errors[bare(name)] = { code: Number(code), retry: retry === "yes" };

const actions = {};
for (const [action, states, then, who] of table("## Tasks")) actions[bare(action)] = { states, then, who };

// Each frame in hexadecimal with the JSON before it.
const vectors = [...text.matchAll(/(\{"op"[^]*?\})`?\.?\n(?:The whole frame is[^\n]*\n)?\n?In (\d+) bytes:\n\n((?: {4}[0-9a-f ]+\n)+)/g)]
  .map(([, json, size, hex]) =>
    ({ words: JSON.parse(json.slice(Math.max(0, json.lastIndexOf('\n    {"op": ')))), size: Number(size),
      bytes: Buffer.from(hex.replace(/\s/g, ""), "hex") }));

const number = word => word === "2^63-1" ? 2 ** 63 : Number(word);
const within = (value, bounds) => {
  if (!bounds) return true;
  const [low, high] = bounds.replace(/ (bytes|items)$/, "").split(" to ").map(number);
  return value >= low && value <= high;
};

const plain = {
  uint: value => Number.isInteger(value) && value >= 0,
  int: value => Number.isInteger(value),
  time: value => Number.isInteger(value),
  number: value => Number.isFinite(value),
  bool: value => typeof value === "boolean",
  text: value => typeof value === "string" && value === value.normalize("NFC") && !/[\x00-\x08\x0b-\x1f\x7f]/.test(value),
  day: value => /^\d{4}-\d\d-\d\d$/.test(value),
  bin: value => value instanceof Uint8Array,
};

function sizeOf(value) {
  return typeof value === "string" ? Buffer.byteLength(value) : typeof value === "number" ? value : value.length;
}

// What is wrong with a value by its row of the table: a list of sentences.
function wrongValue(field, value, where) {
  const [, linked] = field.type.match(/\[(.*?)\]/) || [];
  if (field.type.startsWith("array of")) {
    if (!Array.isArray(value)) return [`${where} is no array`];
    if (!within(value.length, field.bounds)) return [`${where} has ${value.length} items, not ${field.bounds}`];
    const inner = field.type.replace("array of ", "").replace(/^terms/, "term");
    return value.flatMap((item, i) => inner === "map" ? wrongAnswer(item, null, `${where}[${i}]`)
      : wrongValue({ type: inner, bounds: "" }, item, `${where}[${i}]`));
  }
  if (field.type.startsWith("map:")) return wrongMessage(linked, value, where);
  if (field.type.startsWith("term of"))
    return terms[linked].includes(value) ? [] : [`${where} is ${value}, no term of ${linked}`];
  if (!plain[field.type](value)) return [`${where} is ${typeof value} ${value}, not ${field.type}`];
  return within(sizeOf(value), field.bounds) ? [] : [`${where} is ${sizeOf(value)}, not ${field.bounds}`];
}

function wrongMessage(name, value, where = name, besides = []) {
  if (!messages[name]) return [`the page has no message ${name}`];
  const known = new Map(messages[name].map(field => [field.name, field]));
  const wrong = messages[name].filter(field => field.required && value[field.name] === undefined)
    .map(field => `${where}.${field.name} is required and absent`);
  for (const [key, inner] of Object.entries(value))
    if (known.has(key)) wrong.push(...wrongValue(known.get(key), inner, `${where}.${key}`));
    else if (!besides.includes(key)) wrong.push(`${where}.${key} is not in the page`);
  return wrong;
}

// Whether a frame from the broker is as the page says, for the request that it answers.
function wrongAnswer(frame, op, where = frame.op) {
  const envelope = ["op", "id"];
  if (frame.op === "error") {
    const row = errors[frame.error];
    const wrong = wrongMessage("error", frame, where, envelope);
    if (!row || row.code !== frame.code || row.retry !== frame.retry) wrong.push(`${where}: ${frame.error} is not as in the table`);
    if (frame.code >= 80 && frame.code < 90) wrong.push(`${where}: ${frame.error} is never on the wire`);
    return wrong;
  }
  if (frame.op === "reply") return op ? wrongMessage(requests[op].reply, frame, where, envelope) : [];
  return wrongMessage(frame.op, frame, where, frame.op === "record" || frame.op === "closed" ? ["op"] : envelope);
}

module.exports = { text, table, messages, terms, requests, errors, actions, vectors, wrongAnswer, wrongMessage };
