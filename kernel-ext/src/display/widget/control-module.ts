/** The front end's side of the controls: the browser's own elements, named for whoever cannot see them, in the page's colours. */
export function controlModule(kind: string): string {
  return `${source}export default { render: (context) => draw(${JSON.stringify(kind)}, context) };\n`;
}

const source = `
const elements = {
  slider: (model) => bind(model, input("range"), "value", {
    event: "input",
    show(element, value) {
      for (const name of ["min", "max", "step"]) element.setAttribute(name, model.get(name));
      element.value = value;
    },
    read: (element) => element.valueAsNumber,
  }),
  text: (model) => bind(model, input("text"), "value", {
    event: "change",
    show(element, value) { element.value = value; element.placeholder = model.get("placeholder"); },
    read: (element) => element.value,
  }),
  checkbox: (model) => bind(model, input("checkbox"), "value", {
    event: "change",
    show(element, value) { element.checked = value; },
    read: (element) => element.checked,
  }),
  dropdown: (model) => bind(model, document.createElement("select"), "value", {
    event: "change",
    show(element, value) {
      const options = model.get("options");
      element.replaceChildren(...options.map((option) => {
        const entry = document.createElement("option");
        entry.textContent = String(option);
        return entry;
      }));
      element.selectedIndex = options.indexOf(value);
    },
    read: (element) => model.get("options")[element.selectedIndex],
  }),
  button: (model) => bind(model, document.createElement("button"), "clicks", {
    event: "click",
    show(element) { element.type = "button"; element.textContent = model.get("label"); },
    read: () => model.get("clicks") + 1,
  }),
};

function input(type) {
  const element = document.createElement("input");
  element.type = type;
  return element;
}

function bind(model, element, name, { event, show, read }) {
  const refresh = () => {
    show(element, model.get(name));
    element.disabled = model.get("disabled");
  };
  // JupyterLab takes arrow keys for its own, but from an element that itself says that it needs them.
  element.setAttribute("data-lm-suppress-shortcuts", "true");
  element.addEventListener(event, () => {
    model.set(name, read(element));
    model.save_changes();
  });
  return { element, refresh };
}

function draw(kind, { model, el }) {
  const { element, refresh } = elements[kind](model);
  const label = document.createElement("label");
  const name = document.createElement("span");
  const value = document.createElement("output");
  Object.assign(label.style, { display: "inline-flex", gap: "0.6em", alignItems: "center", color: "inherit", font: "inherit" });
  const all = () => {
    refresh();
    name.textContent = kind === "button" ? "" : model.get("label");
    value.textContent = kind === "slider" ? String(model.get("value")) : "";
  };
  all();
  model.on("change", all);
  if (kind === "button") el.append(element);
  else {
    element.style.maxWidth = "24em";
    label.append(...(kind === "checkbox" ? [element, name] : [name, element, value]));
    el.append(label);
  }
  return () => model.off("change", all);
}
`;
