// A client of coordd in JavaScript, from protocol/PROTOCOL.md alone: ZeroMQ with CURVE, and msgpack.
"use strict";
const fs = require("fs");
const crypto = require("crypto");
const zmq = require("zeromq");
const { decodeMulti, encode } = require("@msgpack/msgpack");

const RESEND_MS = 2000;
const PAUSE_MS = 100, PAUSE_MAX_MS = 5000;
const RETRIED = ["rate_limited", "in_flight_limit", "stopping"];

// The five settings of a context file, or of its text. A line that begins with # or ; is a comment; a # within one is not.
function readContext(text) {
  const settings = {};
  for (const line of text.split("\n")) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const at = line.indexOf("=");
    const name = line.slice(0, at).trim();
    if (at < 0 || !["endpoint", "server_key", "agency", "public_key", "secret_key"].includes(name)) continue;
    if (name in settings) throw new Error(`${name} is given twice`);
    settings[name] = line.slice(at + 1).trim();
  }
  return settings;
}

function loadContext(path) {
  if (fs.statSync(path).mode & 0o007) throw new Error(`${path} lets others at the secret key`);
  return readContext(fs.readFileSync(path, "utf8"));
}

class Refused extends Error {
  constructor(fields) {
    super(`${fields.error}: ${fields.field || ""} ${fields.message}`);
    this.fields = fields;
    this.error = fields.error;
  }
}

class Client {
  constructor(settings) {
    this.settings = settings;
    this.waiting = new Map(); // id → {frame, resolve, reject, timer}
    this.frames = []; // records, ends, and answers that nobody waits for
    this.readers = [];
    this.pause = 0;
    this.closed = false;
    this.connect();
  }

  connect() {
    const { settings } = this;
    const socket = this.socket = new zmq.Dealer({
      curveServerKey: settings.server_key, curvePublicKey: settings.public_key, curveSecretKey: settings.secret_key,
      linger: 0, heartbeatInterval: 5000, heartbeatTimeout: 15000, receiveHighWaterMark: 0, sendHighWaterMark: 0,
      reconnectInterval: 50,
    });
    this.refused = false;
    socket.events.on("handshake:error:auth", event => this.wasRefused(socket, event.error));
    socket.connect(settings.endpoint);
    this.sending = Promise.resolve();
    this.receive(socket);
    for (const call of this.waiting.values()) this.transmit(call.frame);
  }

  // A socket that was refused never tries again by itself.
  wasRefused(socket, error) {
    if (socket !== this.socket || this.closed) return;
    this.refused = true;
    socket.close();
    this.pause = Math.min(Math.max(this.pause * 2, PAUSE_MS), PAUSE_MAX_MS);
    for (const [id, call] of [...this.waiting])
      this.settle(id, call, new Refused({ error: "key_unknown", message: `the broker refused the key: ${error && error.status}` }));
  }

  async receive(socket) {
    try {
      for await (const parts of socket) this.take(parts);
    } catch (error) {
      if (socket === this.socket && !this.refused && !this.closed) throw error;
    }
  }

  take(parts) {
    if (parts.length !== 1) throw new Error("a message of several frames came");
    const [frame, ...more] = [...decodeMulti(parts[0], { useBigInt64: false })];
    if (more.length) throw new Error("bytes come after the frame's map");
    this.pause = 0;
    const call = this.waiting.get(frame.id);
    if (call && ["reply", "error"].includes(frame.op)) {
      if (frame.op === "error" && frame.retry && RETRIED.includes(frame.error)) return; // the timer sends it again
      this.settle(frame.id, call, frame.op === "error" ? new Refused(frame) : null, frame);
    } else if (["reply", "error", "record", "closed"].includes(frame.op)) {
      const reader = this.readers.shift();
      if (reader) reader(frame);
      else this.frames.push(frame);
    } // another op is a newer broker's
  }

  settle(id, call, error, frame) {
    clearInterval(call.timer);
    clearTimeout(call.limit);
    this.waiting.delete(id);
    error ? call.reject(error) : call.resolve(frame);
  }

  // One send is under way at a time.
  transmit(bytes) {
    const socket = this.socket;
    this.sending = this.sending.then(() => socket.closed || socket.send(bytes)).catch(error => {
      if (socket === this.socket && !this.closed && !this.refused) throw error;
    });
  }

  // Sends a frame under its id, again and again until it is answered: stored and sent again is the frame, not the object.
  async sendFrame(id, frame, timeout = 60000) {
    if (this.refused) {
      await new Promise(resolve => setTimeout(resolve, this.pause * (0.75 + Math.random() / 2)));
      if (this.refused) this.connect();
    }
    return new Promise((resolve, reject) => {
      const call = { frame, resolve, reject };
      call.timer = setInterval(() => this.transmit(frame), RESEND_MS);
      call.limit = setTimeout(() => this.settle(id, call, new Error(`no answer to ${id}`)), timeout);
      this.waiting.set(id, call);
      this.transmit(frame);
    });
  }

  call(op, fields = {}, id = crypto.randomBytes(16).toString("hex")) {
    return this.sendFrame(id, encode({ op, id, ...fields }));
  }

  // The next frame that is no answer to a call; null after so long.
  next(timeout = 60000) {
    if (this.frames.length) return Promise.resolve(this.frames.shift());
    return new Promise(resolve => {
      const reader = frame => (clearTimeout(timer), resolve(frame));
      const timer = setTimeout(() => (this.readers.splice(this.readers.indexOf(reader), 1), resolve(null)), timeout);
      this.readers.push(reader);
    });
  }

  async *pages(op, fields = {}) {
    for (const place = op === "task_history" ? "before" : "after"; ;) {
      const reply = await this.call(op, fields);
      yield reply;
      if (reply.next === undefined) return;
      fields = { ...fields, [place]: reply.next };
    }
  }

  close() {
    this.closed = true;
    for (const [id, call] of [...this.waiting]) this.settle(id, call, new Error("closed"));
    if (!this.socket.closed) this.socket.close();
  }
}

module.exports = { Client, Refused, readContext, loadContext };
