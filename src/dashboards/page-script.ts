/**
 * All that runs in the page besides plotly.js: it draws the plots in the theme's colours, switches the theme and sorts the table. Plain
 * JavaScript, because it reaches the browser as it stands; the page says everything without it, too.
 */
export const pageScript = `"use strict";
(() => {
  const root = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const narrowScreen = matchMedia("(max-width: 640px)");
  const plots = [...document.querySelectorAll(".plot")].map((element) => ({
    element,
    plot: JSON.parse(document.getElementById(element.id.replace(/-plot$/, "-json")).textContent),
  }));

  const themed = (value, style) => {
    if (typeof value === "string") return value[0] === "@" ? style.getPropertyValue("--" + value.slice(1)).trim() : value;
    if (Array.isArray(value)) return typeof value[0] === "object" ? value.map((item) => themed(item, style)) : value;
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, themed(item, style)]));
  };

  const setPath = (target, path, value) => {
    const names = path.split(".");
    const last = names.pop();
    let at = target;
    for (const name of names) at = at[name] ??= {};
    at[last] = value;
  };

  const draw = () => {
    const style = getComputedStyle(root);
    const ink = style.getPropertyValue("--ink").trim();
    const grid = style.getPropertyValue("--grid").trim();
    const isNarrow = narrowScreen.matches;
    for (const { element, plot } of plots) {
      const layout = themed(structuredClone(plot.layout), style);
      if (isNarrow) for (const [path, value] of Object.entries(plot.narrow ?? {})) setPath(layout, path, value);
      for (const name of Object.keys(layout).filter((key) => /^[xy]axis/.test(key))) {
        Object.assign(layout[name], { gridcolor: grid, linecolor: grid, zerolinecolor: grid, zeroline: false, fixedrange: isNarrow || name[0] === "y" || plot.data[0].orientation === "h" });
      }
      Object.assign(layout, {
        height: Number(element.dataset.height) + (isNarrow && layout.showlegend !== false ? 40 : 0),
        autosize: true,
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { family: style.getPropertyValue("--font").trim(), size: isNarrow ? 11 : 12.5, color: ink },
        hoverlabel: { bgcolor: style.getPropertyValue("--raised").trim(), bordercolor: grid, font: { color: ink } },
        hovermode: "closest",
        dragmode: isNarrow ? false : "zoom",
      });
      for (const axis of Object.keys(layout).filter((key) => /^[xy]axis/.test(key)).map((name) => layout[name])) {
        const { title } = axis;
        if (title) axis.title = { ...title, standoff: 8, font: { size: isNarrow ? 11 : 12, color: style.getPropertyValue("--quiet").trim() } };
      }
      layout.legend = { ...layout.legend, bgcolor: "rgba(0,0,0,0)", itemclick: "toggle", itemdoubleclick: "toggleothers" };
      element.querySelector(".no-script")?.remove();
      Plotly.react(element, themed(plot.data, style), layout, { displayModeBar: false, displaylogo: false, responsive: true, showTips: false });
    }
  };

  const button = document.getElementById("theme");
  let chosen = null;
  const isDark = () => (chosen === null ? prefersDark.matches : chosen === "dark");
  const applyTheme = () => {
    if (chosen !== null) root.dataset.theme = chosen;
    button.textContent = isDark() ? "Light theme" : "Dark theme";
    draw();
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    chosen = isDark() ? "light" : "dark";
    applyTheme();
  });
  prefersDark.addEventListener("change", applyTheme);
  narrowScreen.addEventListener("change", draw);

  const table = document.getElementById("alert-table");
  if (table !== null) {
    const heads = [...table.querySelectorAll("th[data-key]")];
    const choice = document.getElementById("sort-by");
    const sortBy = (key, order) => {
      const sign = order === "descending" ? -1 : 1;
      const isNumber = key === "relevance" || key === "time";
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => {
        const [x, y] = [a.dataset[key], b.dataset[key]];
        return sign * (isNumber ? Number(x) - Number(y) : x.localeCompare(y, "en", { numeric: true }));
      });
      table.tBodies[0].append(...rows);
      for (const head of heads) {
        if (head.dataset.key === key) head.setAttribute("aria-sort", order);
        else head.removeAttribute("aria-sort");
      }
      choice.value = key;
      document.getElementById("sort-status").textContent = "Sorted by " + key + ", " + order + ".";
    };
    for (const head of heads) {
      const sorter = head.querySelector("button");
      sorter.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        sortBy(head.dataset.key, now === null ? sorter.dataset.order : now === "ascending" ? "descending" : "ascending");
      });
    }
    choice.addEventListener("change", () => {
      const head = heads.find((one) => one.dataset.key === choice.value);
      sortBy(choice.value, head.querySelector("button").dataset.order);
    });
  }

  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  applyTheme();
  root.dataset.ready = "true";
})();
`;
