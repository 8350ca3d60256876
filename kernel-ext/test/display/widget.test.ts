import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import { button, displayBundle, dropdown, type MimeData, slider, type WidgetModel, widget } from "../../src/index.ts";
import { recorded } from "./recorder.ts";

const esm = "export default { render() {} }";
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function field(data: MimeData | undefined, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined), data);
}

test("a widget opens a comm as anywidget's front end expects it, and shows by its id", async () => {
  await recorded(async ({ comms }) => {
    const model = widget({ state: { count: 1 }, esm, css: "p{}" });
    const [comm] = comms.opened;
    assert.equal(comm?.target, "jupyter.widget");
    assert.deepEqual(comm?.sent[0]?.options, { metadata: { version: "2.1.0" }, buffers: [] });
    const { _anywidget_id: id, ...state } = Object(field(comm?.sent[0]?.data, "state"));
    assert.match(id, /^widget-[0-9a-f]{16}$/);
    assert.deepEqual(state, {
      count: 1,
      _esm: esm,
      _css: "p{}",
      _model_module: "anywidget",
      _model_name: "AnyModel",
      _model_module_version: "*",
      _view_module: "anywidget",
      _view_name: "AnyView",
      _view_module_version: "*",
      _view_count: null,
    });
    assert.deepEqual(await displayBundle(model), {
      "text/plain": "widget { count: 1 }",
      "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 1, model_id: "comm-0" },
    });
  });
});

test("values that are set go out together, at the end of the turn or when saved", async () => {
  await recorded(async ({ comms }) => {
    const model = widget({ state: { a: 1, b: "x" }, esm });
    comms.opened[0]?.take();
    model.set("a", 2);
    model.set({ a: 3, b: "y" });
    model.set("b", "y");
    assert.deepEqual(comms.opened[0]?.take(), []);
    await turn();
    assert.deepEqual(comms.opened[0]?.take(), [{ method: "update", state: { a: 3, b: "y" }, buffer_paths: [] }]);
    model.set("a", 4);
    model.save_changes();
    model.save_changes();
    assert.equal(comms.opened[0]?.take().length, 1);
    assert.equal(model.get("a"), 4);
  });
});

test("what the front end changes arrives with an echo, and is not sent back", async () => {
  await recorded(async ({ comms }) => {
    const model = widget({ state: { value: 1, other: "o" }, esm });
    const heard: unknown[] = [];
    model.on("change:value", (value, before) => heard.push([value, before]));
    model.on("change", (changed) => heard.push(changed));
    const comm = comms.opened[0];
    comm?.take();
    comm?.receive({ method: "update", state: JSON.parse('{ "value": 5, "_esm": "evil", "unknown": 1, "__proto__": { "x": 1 } }') });
    await turn();
    assert.deepEqual(comm?.take(), [{ method: "echo_update", state: { value: 5 }, buffer_paths: [] }]);
    assert.deepEqual(heard, [[5, 1], { value: 5 }]);
    comm?.receive({ method: "update", state: { value: 5 } });
    assert.equal(heard.length, 2, "an equal value is no change");
  });
});

test("a listener may correct what the front end set", async () => {
  await recorded(async ({ comms }) => {
    const model = widget({ state: { value: 1 }, esm });
    model.on("change:value", (value) => model.set("value", Math.min(value, 10)));
    comms.opened[0]?.take();
    comms.opened[0]?.receive({ method: "update", state: { value: 99 } });
    await turn();
    assert.deepEqual(
      comms.opened[0]?.take().map((data) => [field(data, "method"), field(data, "state", "value")]),
      [
        ["echo_update", 99],
        ["update", 10],
      ],
    );
  });
});

test("binary values travel as buffers, at any depth, and come back as what they were", async () => {
  await recorded(async ({ comms }) => {
    const model = widget({ state: { floats: Float32Array.of(1, 2), nested: { list: [1, Uint8Array.of(7)] } }, esm });
    const opened = comms.opened[0]?.sent[0];
    assert.deepEqual(field(opened?.data, "buffer_paths"), [["floats"], ["nested", "list", 1]]);
    assert.deepEqual(field(opened?.data, "state", "nested"), { list: [1, null] });
    assert.equal(Object.hasOwn(Object(field(opened?.data, "state")), "floats"), false);
    assert.deepEqual(opened?.options.buffers, [new Uint8Array(Float32Array.of(1, 2).buffer), Uint8Array.of(7)]);
    comms.opened[0]?.receive({ method: "update", state: {}, buffer_paths: [["floats"]] }, [
      new Uint8Array(Float32Array.of(3, 4, 5).buffer),
    ]);
    assert.deepEqual(model.get("floats"), Float32Array.of(3, 4, 5));
    comms.opened[0]?.receive({ method: "update", state: {}, buffer_paths: [["__proto__", "x"], [], "y", [{}]] }, [
      Uint8Array.of(1),
      Uint8Array.of(1),
      Uint8Array.of(1),
      Uint8Array.of(1),
    ]);
    assert.equal(Reflect.get({}, "x"), undefined);
  });
});

test("messages of one's own go both ways", async () => {
  await recorded(async ({ comms }) => {
    const model = widget({ state: {}, esm });
    const heard: unknown[] = [];
    const stop = model.on("msg:custom", (content, buffers) => heard.push(content, buffers.length));
    comms.opened[0]?.receive({ method: "custom", content: { hi: 1 } }, [Uint8Array.of(1)]);
    stop();
    comms.opened[0]?.receive({ method: "custom", content: 2 });
    assert.deepEqual(heard, [{ hi: 1 }, 1]);
    comms.opened[0]?.take();
    model.send({ n: 2n }, [Uint8Array.of(3)]);
    assert.deepEqual(comms.opened[0]?.sent, [
      { type: "msg", data: { method: "custom", content: { n: 2 } }, options: { buffers: [Uint8Array.of(3)] } },
    ]);
  });
});

test("a page that is loaded again gets every widget's state, one by one or all at once", async () => {
  await recorded(async ({ comms }) => {
    const model = widget({ state: { value: 1, bytes: Uint8Array.of(1) }, esm });
    model.set("value", 2);
    await turn();
    const comm = comms.opened[0];
    comm?.take();
    comm?.receive({ method: "request_state" });
    assert.equal(field(comm?.take()[0], "state", "value"), 2);
    const control = comms.receiveOpen("jupyter.widget.control");
    control.receive({ method: "request_states" });
    const [answer] = control.take();
    assert.equal(field(answer, "method"), "update_states");
    assert.equal(field(answer, "states", "comm-0", "model_name"), "AnyModel");
    assert.equal(field(answer, "states", "comm-0", "state", "value"), 2);
    assert.deepEqual(field(answer, "buffer_paths", 0), ["comm-0", "state", "bytes"]);
    model.close();
    control.receive({ method: "request_states" });
    assert.deepEqual(field(control.take()[0], "states"), {});
  });
});

test("closed by either side, a widget is text and sends nothing more", async () => {
  await recorded(async ({ comms }) => {
    for (const close of [(model: WidgetModel<{ a: number }>) => model.close(), () => comms.opened.at(-1)?.receiveClose()]) {
      const model = widget({ state: { a: 1 }, esm });
      let closed = 0;
      model.on("close", () => closed++);
      close(model);
      close(model);
      assert.equal(closed, 1);
      comms.opened.at(-1)?.take();
      model.set("a", 2);
      model.send(1);
      await turn();
      assert.deepEqual(comms.opened.at(-1)?.sent, []);
      assert.deepEqual(await displayBundle(model), { "text/plain": "widget { a: 2 }" });
    }
  });
});

test("a widget made outside a kernel is text, and opens when it is first shown in one", async () => {
  const model = widget({ state: { a: 1 }, esm });
  assert.deepEqual(await displayBundle(model), { "text/plain": "widget { a: 1 }" });
  await recorded(async ({ comms }) => {
    assert.ok("application/vnd.jupyter.widget-view+json" in (await displayBundle(model)));
    assert.equal(comms.opened.length, 1);
  });
});

test("a listener belongs to the cell that set it up", async () => {
  const cell = new AsyncLocalStorage<string>();
  await recorded(({ comms }) => {
    const model = widget({ state: { a: 1 }, esm });
    const heard: unknown[] = [];
    cell.run("cell 1", () => model.on("change:a", () => heard.push(cell.getStore())));
    cell.run("message", () => comms.opened[0]?.receive({ method: "update", state: { a: 2 } }));
    assert.deepEqual(heard, ["cell 1"]);
  });
});

test("render is sent as text, however it is written; what has no text is refused", async () => {
  const source = async (options: Parameters<typeof widget<{ a: number }>>[0]) => {
    let sent = "";
    await recorded(({ comms }) => {
      widget(options);
      sent = String(field(comms.opened[0]?.sent[0]?.data, "state", "_esm"));
    });
    const module: { default: { render(context: unknown): unknown } } = await import(`data:text/javascript,${encodeURIComponent(sent)}`);
    return module.default.render({ model: { get: () => 41 }, el: {} });
  };
  const state = { a: 1 };
  assert.equal(await source({ state, render: ({ model }) => model.get("a") + 1 }), 42);
  assert.equal(
    await source({
      state,
      render({ model }) {
        return model.get("a") + 1;
      },
    }),
    42,
  );
  assert.equal(
    await source({
      state,
      async render({ model }) {
        return model.get("a") + 1;
      },
    }),
    42,
  );
  assert.equal(
    await source({
      state,
      render: function named({ model }) {
        return model.get("a") + 1;
      },
    }),
    42,
  );
  assert.throws(() => widget({ state, render: (() => 1).bind(null) }), /has no text to send/);
});

test("controls begin within their bounds and tell what is impossible", async () => {
  await recorded(async ({ comms }) => {
    assert.equal(slider({ min: 0, max: 10, value: 99 }).get("value"), 10);
    assert.equal(slider({ min: 0, max: 1000 }).get("step"), 1);
    assert.throws(() => slider({ min: 1, max: 1 }), /min 1 is not below max 1/);
    assert.equal(dropdown({ options: ["a", "b"] }).get("value"), "a");
    assert.throws(() => dropdown({ options: [] }), /no options/);
    let clicks = 0;
    button({ onClick: () => clicks++ });
    comms.opened.at(-1)?.receive({ method: "update", state: { clicks: 1 } });
    assert.equal(clicks, 1);
  });
});
