import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { service } from "../../../test/services.ts";
import {
  checkSignatureScheme,
  decodeMessage,
  encodeMessage,
  type Message,
  MessageError,
  type MessageFault,
  newHeader,
} from "../../src/protocol/message.ts";

const key = "a0436f6c-1916-498b-8eb9-e81ab9368e84";
const python = service("python", ["jupyter_client"]);

function message(parts: Partial<Message> = {}): Message {
  const header = newHeader("execute_request", "session", "user");
  return { identities: [], header, parentHeader: {}, metadata: {}, content: { code: "1+1" }, buffers: [], ...parts };
}

const encoded = (parts: Partial<Message> = {}, withKey = key) => encodeMessage(message(parts), withKey).map((frame) => Buffer.from(frame));

function signed(...json: string[]): Buffer[] {
  const frames = json.map((text) => Buffer.from(text));
  const hmac = createHmac("sha256", key);
  for (const frame of frames) hmac.update(frame);
  return [Buffer.from("<IDS|MSG>"), Buffer.from(hmac.digest("hex")), ...frames];
}

function faultOf(frames: readonly Buffer[], withKey = key): MessageFault | undefined {
  try {
    decodeMessage(frames, withKey);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof MessageError, String(error));
    return error.fault;
  }
}

test("a message is the same after it went over the wire, with identities, parent, unicode and buffers", () => {
  const parentHeader = newHeader("execute_request", "other", "Łukasz 🐙");
  const sent = message({
    identities: [Buffer.from([0, 1, 2]), Buffer.from("topic")],
    parentHeader,
    metadata: { ключ: [1, null, { deep: true }] },
    content: { text: "𝔘 \u0000 \n \u2028 é", lone: "\ud800" },
    buffers: [Buffer.from([1, 2, 3]), Buffer.alloc(0), Buffer.from("<IDS|MSG>")],
  });
  const received = decodeMessage(
    encodeMessage(sent, key).map((frame) => Buffer.from(frame)),
    key,
  );
  assert.deepEqual(received, sent);
});

test("any JSON survives, signed or not", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }), { noNullPrototype: true }),
      fc.boolean(),
      (content, isSigned) => {
        const withKey = isSigned ? key : "";
        const { content: received } = decodeMessage(encoded({ content }, withKey), withKey);
        assert.equal(JSON.stringify(received), JSON.stringify(content));
      },
    ),
  );
});

test("every kind of broken frames is told apart", () => {
  const [delimiter, hmac, header, parent, metadata, content] = encoded();
  assert.ok(delimiter && hmac && header && parent && metadata && content);
  assert.equal(faultOf([]), "no-delimiter");
  assert.equal(faultOf([hmac, header]), "no-delimiter");
  assert.equal(faultOf([delimiter]), "too-few-frames");
  assert.equal(faultOf([delimiter, hmac, header, parent, metadata]), "too-few-frames");
  assert.equal(faultOf([delimiter, Buffer.alloc(0), header, parent, metadata, content]), "bad-signature");
  assert.equal(faultOf([delimiter, Buffer.alloc(64, "0"), header, parent, metadata, content]), "bad-signature");
  assert.equal(faultOf([delimiter, hmac, header, parent, metadata, Buffer.from("{}")]), "bad-signature");
  assert.equal(faultOf(encoded(), "another key"), "bad-signature");
  assert.equal(faultOf(signed("{", "{}", "{}", "{}")), "invalid-json");
  assert.equal(faultOf(signed('{"msg_id":"1","msg_type":"x"}', "{}", "{}", "[]")), "invalid-json");
  assert.equal(faultOf(signed('{"msg_id":"1","msg_type":"x"}', "{}", "null", "{}")), "invalid-json");
  assert.equal(faultOf(signed("{}", "{}", "{}", "{}")), "invalid-header");
  assert.equal(faultOf(signed('{"msg_id":7,"msg_type":"x"}', "{}", "{}", "{}")), "invalid-header");
  assert.equal(faultOf(signed('{"msg_id":"1","msg_type":"x","session":{}}', "{}", "{}", "{}")), "invalid-header");
  assert.equal(faultOf(signed('{"msg_id":"1","msg_type":"x","subshell_id":5}', "{}", "{}", "{}")), "invalid-header");
  assert.equal(faultOf(signed('{"msg_id":"1","msg_type":"x"}', '{"msg_id":"1"}', "{}", "{}")), "invalid-header");
});

test("no single changed byte of a signed part goes through, and no bytes crash the reader", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (frame, byte, flip) => {
      const frames = encoded();
      const changed = frames[1 + (frame % 5)];
      assert.ok(changed);
      const at = byte % changed.length;
      changed[at] = (changed[at] ?? 0) ^ flip;
      assert.equal(faultOf(frames), "bad-signature");
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), fc.boolean(), (bytes, isSigned) => {
      const frames = [Buffer.from("<IDS|MSG>"), ...bytes.map((part) => Buffer.from(part))];
      assert.notEqual(faultOf(frames, isSigned ? key : ""), undefined);
    }),
  );
});

test("nothing is parsed before the signature was checked", () => {
  const [delimiter, hmac] = encoded();
  assert.ok(delimiter && hmac);
  assert.equal(faultOf([delimiter, hmac, Buffer.from("{"), Buffer.from("{"), Buffer.from("{"), Buffer.from("{")]), "bad-signature");
});

test("a header keeps what else its sender put into it, and lacks nothing that the protocol asks for", () => {
  const { header } = decodeMessage(signed('{"msg_id":"1","msg_type":"x","subshell_id":"s","of":"mine"}', "{}", "{}", "{}"), key);
  assert.deepEqual(
    { ...header },
    { msg_id: "1", msg_type: "x", session: "", username: "", date: "", version: "", subshell_id: "s", of: "mine" },
  );
});

test("a name like __proto__ in hostile JSON is data", () => {
  const { content } = decodeMessage(signed('{"msg_id":"1","msg_type":"x"}', "{}", "{}", '{"__proto__":{"polluted":1}}'), key);
  assert.deepEqual(Object.keys(content), ["__proto__"]);
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

test("a message that JSON cannot hold is an error of its own kind", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const content of [cycle, { big: 1n }]) {
    assert.throws(
      () => encodeMessage(message({ content }), key),
      (error) => error instanceof MessageError && error.fault === "not-serializable",
    );
  }
});

test("only hmac-sha256 signs; without a key nothing is signed", () => {
  checkSignatureScheme("hmac-sha256", key);
  checkSignatureScheme("hmac-md5", "");
  assert.throws(() => checkSignatureScheme("hmac-md5", key), /"hmac-md5" is not known.*"hmac-sha256"/);
});

test("Python's jupyter_client reads what is written here, and what it writes is read here", { skip: python.skip }, () => {
  const content = { text: "𝔘 é \u0000 \u2028 Łódź", list: [1, 2.5, null, true], nested: { a: { b: [] } } };
  const sent = message({
    content,
    metadata: { cellId: "α" },
    parentHeader: newHeader("x", "s", "u"),
    buffers: [Buffer.from([0, 255, 10])],
  });
  const program = `
import base64, json, sys
from jupyter_client.session import Session
asked = json.load(sys.stdin)
session = Session(key=asked["key"].encode(), signature_scheme="hmac-sha256")
frames = [base64.b64decode(frame) for frame in asked["frames"]]
identities, rest = session.feed_identities(frames)
read = session.deserialize(rest, content=True)
answer = session.msg("execute_reply", content=read["content"], parent=read["header"], metadata=read["metadata"])
out = [b"route"] + session.serialize(answer) + [bytes(buffer) for buffer in read["buffers"]]
json.dump({"frames": [base64.b64encode(frame).decode() for frame in out], "type": read["msg_type"], "parent": read["parent_header"]["msg_type"],
  "date": read["header"]["date"].isoformat(), "identities": len(identities)}, sys.stdout)
`;
  for (const withKey of [key, ""]) {
    const frames = encodeMessage({ ...sent, identities: [Buffer.from("one")] }, withKey).map((frame) =>
      Buffer.from(frame).toString("base64"),
    );
    const run = spawnSync(python.path, ["-c", program], { input: JSON.stringify({ key: withKey, frames }), encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    const answer: { frames: string[]; type: string; parent: string; date: string; identities: number } = JSON.parse(run.stdout);
    assert.deepEqual([answer.type, answer.parent, answer.identities], ["execute_request", "x", 1]);
    assert.equal(Date.parse(answer.date), Date.parse(sent.header.date));
    const read = decodeMessage(
      answer.frames.map((frame) => Buffer.from(frame, "base64")),
      withKey,
    );
    assert.deepEqual(read.content, content);
    assert.deepEqual(read.metadata, sent.metadata);
    assert.deepEqual({ ...read.parentHeader, date: "" }, { ...sent.header, date: "" });
    assert.deepEqual(read.identities, [Buffer.from("route")]);
    assert.deepEqual(read.buffers, [Buffer.from([0, 255, 10])]);
  }
});
