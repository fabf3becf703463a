"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("sheet-data").textContent);
  const columns = data.columns.map(([name, unit, meaning, sortable]) => ({ name, unit, meaning, sortable }));
  const tiles = data.tiles.map(([path, kind, outcome, message, picture, text, tags, extractors, values], index) => ({
    index, path, kind, outcome, message, picture, text, tags, extractors, values,
    found: [path, kind, outcome, text, ...tags].join("\n").toLowerCase(),
  }));
  const pictures = data.pictures.map((text) => (text === null ? null : "data:image/jpeg;base64," + text));
  for (const image of document.querySelectorAll("img[data-picture]")) {
    pictures[Number(image.dataset.picture)] = image.src;
  }

  // Everything that comes from files is set as text, never as markup.
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const copyText = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  for (const button of document.querySelectorAll("button.copy")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await copyText(byId(button.dataset.copy).innerText.trim());
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }

  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const details of closed) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });

  if (!tiles.length) {
    document.documentElement.dataset.ready = "true";
    return;
  }

  const controls = { q: byId("filter"), kind: byId("filter-kind"), outcome: byId("filter-outcome"), sort: byId("sort"), order: byId("order") };
  const unset = { q: "", kind: "", outcome: "", sort: "name", order: "asc" };
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const dialog = byId("detail");
  let page = 1;
  let matching = tiles;
  let opened = null;

  for (const column of columns) {
    if (column.sortable) controls.sort.append(new Option(column.name.replaceAll("_", " "), column.name));
  }

  const compare = (sort, order) => {
    const sign = order === "desc" ? -1 : 1;
    const place = columns.findIndex((column) => column.sortable && column.name === sort);
    if (place < 0) return (a, b) => sign * collator.compare(a.path, b.path);
    return (a, b) => {
      const left = a.values[place];
      const right = b.values[place];
      if (left === null || right === null) return (left === null) - (right === null) || a.index - b.index;
      return sign * (left - right) || a.index - b.index;
    };
  };

  const select = () => {
    const words = controls.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    matching = tiles
      .filter((tile) => !controls.kind.value || tile.kind === controls.kind.value)
      .filter((tile) => !controls.outcome.value || tile.outcome === controls.outcome.value)
      .filter((tile) => words.every((word) => tile.found.includes(word)))
      .sort(compare(controls.sort.value, controls.order.value));
  };

  const icon = (kind) => {
    const space = "http://www.w3.org/2000/svg";
    const known = byId("icon-" + kind) ? kind : "other";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("viewBox", "0 0 48 48");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", "#icon-" + known);
    svg.append(use);
    return svg;
  };

  const picture = (tile) => {
    if (tile.picture === null) return icon(tile.kind);
    const image = make("img");
    image.loading = "lazy";
    image.decoding = "async";
    image.alt = "";
    image.src = pictures[tile.picture];
    return image;
  };

  const tileElement = (tile) => {
    const button = make("button", "tile outcome-" + tile.outcome);
    button.type = "button";
    button.dataset.tile = tile.index;
    const frame = make("span", "frame");
    frame.append(picture(tile));
    const caption = make("span", "caption");
    caption.title = tile.path;
    caption.append(make("bdi", "", tile.path.slice(tile.path.lastIndexOf("/") + 1) || tile.path));
    const badge = make("span", "badge", tile.kind);
    if (!["ok", "empty"].includes(tile.outcome)) badge.append(" · ", make("span", "outcome", tile.outcome));
    const place = columns.findIndex((column) => column.sortable && column.name === controls.sort.value);
    if (place >= 0 && tile.values[place] !== null) badge.append(" · " + shown(tile.values[place], columns[place]));
    button.append(frame, caption, badge);
    const item = make("li");
    item.append(button);
    return item;
  };

  const bytes = (count) => {
    for (const [name, step] of [["TB", 1e12], ["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) {
      if (count >= step) return (count / step).toLocaleString("en", { maximumFractionDigits: 1 }) + " " + name;
    }
    return count + " bytes";
  };
  const shown = (value, column) => {
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (typeof value !== "number") return String(value);
    if (column.unit === "bytes") return bytes(value);
    const text = value.toLocaleString("en", { maximumSignificantDigits: Number.isInteger(value) ? 15 : 4 });
    return column.unit ? text + " " + column.unit : text;
  };

  const draw = () => {
    select();
    const pages = Math.max(1, Math.ceil(matching.length / data.page));
    page = Math.min(Math.max(page, 1), pages);
    const start = (page - 1) * data.page;
    const here = matching.slice(start, start + data.page);
    byId("tiles").replaceChildren(...here.map(tileElement));
    const count = (number) => number.toLocaleString("en");
    const all = matching.length === tiles.length ? count(tiles.length) + " files" : `${count(matching.length)} of ${count(tiles.length)} files match`;
    byId("sheet-status").textContent = pages > 1 ? `${all}, ${count(start + 1)} to ${count(start + here.length)} shown` : all;
    byId("pager").hidden = pages < 2;
    byId("page-number").textContent = `Page ${page} of ${pages}`;
    byId("previous").disabled = page <= 1;
    byId("next").disabled = page >= pages;
  };

  // The state of the sheet stands in the address, after #, so that a view can be shared and comes back on reload.
  const remember = () => {
    const state = new URLSearchParams();
    for (const [name, control] of Object.entries(controls)) {
      if (control.value !== unset[name]) state.set(name, control.value);
    }
    if (page > 1) state.set("page", page);
    if (opened !== null) state.set("file", opened.path);
    try {
      history.replaceState(null, "", "#" + (String(state) || "sheet"));
    } catch {
      // Some viewers allow no change of the address; the sheet works without it.
    }
  };

  const recall = () => {
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) return false;
    const state = new URLSearchParams(hash);
    const onlyFile = state.has("file") && [...state.keys()].length === 1;
    if (!onlyFile) {
      for (const [name, control] of Object.entries(controls)) {
        control.value = state.get(name) ?? unset[name];
        if (control.value === "" && control.tagName === "SELECT") control.value = unset[name];
      }
      page = Number.parseInt(state.get("page") ?? "1", 10) || 1;
      draw();
    }
    const file = state.get("file");
    const tile = file === null ? undefined : tiles.find((candidate) => candidate.path === file);
    if (tile) open(tile);
    else byId("sheet").scrollIntoView();
    return true;
  };

  const pairs = (entries) => {
    const list = make("dl", "pairs");
    for (const [label, value, meaning] of entries) {
      const row = make("div");
      const term = make("dt", "", label);
      if (meaning) term.title = meaning;
      const description = make("dd");
      description.append(make("bdi", "", value));
      row.append(term, description);
      list.append(row);
    }
    return list;
  };

  const open = (tile) => {
    opened = tile;
    byId("detail-title").replaceChildren(make("bdi", "", tile.path));
    const left = make("div");
    left.append(picture(tile), pairs([["kind", tile.kind], ["outcome", tile.outcome]]));
    if (tile.extractors.length) {
      left.append(make("h4", "", "Extractors"), pairs(tile.extractors.map(([name, status, reason]) => [name, reason ? `${status}: ${reason.replaceAll("_", " ")}` : status])));
    }
    const right = make("div");
    if (tile.message) right.append(make("h4", "", "Why it could not be read"), make("p", "", tile.message));
    if (tile.text) {
      const text = make("p", "detail-text", tile.text);
      text.dir = "auto";
      right.append(make("h4", "", "Text"), text);
    }
    if (tile.tags.length) right.append(make("h4", "", "Tags"), make("p", "", tile.tags.join(", ")));
    const values = columns
      .map((column, place) => [column.name.replaceAll("_", " "), tile.values[place], column])
      .filter(([, value]) => value !== null)
      .map(([label, value, column]) => [label, shown(value, column), column.meaning]);
    if (values.length) right.append(make("h4", "", "Values"), pairs(values));
    byId("detail-body").replaceChildren(left, right);
    const place = matching.indexOf(tile);
    byId("detail-previous").disabled = place <= 0;
    byId("detail-next").disabled = place < 0 || place >= matching.length - 1;
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    remember();
  };
  const step = (by) => {
    const tile = matching[matching.indexOf(opened) + by];
    if (opened && matching.includes(opened) && tile) open(tile);
  };

  byId("detail-close").addEventListener("click", () => dialog.close());
  byId("detail-previous").addEventListener("click", () => step(-1));
  byId("detail-next").addEventListener("click", () => step(1));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    if (event.key === "ArrowRight") step(1);
  });
  dialog.addEventListener("close", () => {
    const tile = opened;
    opened = null;
    remember();
    document.querySelector(`button[data-tile="${tile?.index}"]`)?.focus();
  });

  byId("tiles").addEventListener("click", (event) => {
    const button = event.target.closest("button.tile");
    if (button) open(tiles[Number(button.dataset.tile)]);
  });
  byId("tiles").addEventListener("keydown", (event) => {
    const buttons = [...byId("tiles").querySelectorAll("button.tile")];
    const here = buttons.indexOf(document.activeElement);
    const across = buttons.filter((button) => button.offsetTop === buttons[0].offsetTop).length;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across, Home: -here, End: buttons.length - 1 - here };
    const next = event.key in steps ? buttons[here + steps[event.key]] : undefined;
    if (here < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });

  let waiting = 0;
  for (const control of Object.values(controls)) {
    control.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => { page = 1; draw(); remember(); }, control === controls.q ? 120 : 0);
    });
  }
  byId("sheet-controls").addEventListener("submit", (event) => event.preventDefault());
  const turn = (by) => {
    page += by;
    draw();
    remember();
    byId("sheet").scrollIntoView();
  };
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  window.addEventListener("hashchange", recall);

  byId("sheet-controls").hidden = false;
  draw();
  recall();
  document.documentElement.dataset.ready = "true";
})();
