// Begins the page: reads the data, makes the parts, wires what is common to all.

class Theme {
  constructor(selection) {
    this.selection = selection;
    this.button = byId("theme");
    this.choices = ["auto", "light", "dark"];
    this.choice = 0;
    this.button.addEventListener("click", () => this.set((this.choice + 1) % 3));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => selection.restyle());
  }

  set(choice) {
    this.choice = choice;
    const name = this.choices[choice];
    this.apply(name);
    this.button.textContent = "Theme: " + (name === "auto" ? "system" : name);
  }

  apply(name) {
    if (name === "auto") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = name;
    }
    this.selection.restyle();
  }
}

function offerAssemblies(model, selection) {
  const group = byId("assemblies");
  group.append(...model.runs.map((run, i) => {
    const radio = el("input", { type: "radio", name: "assembly", id: "assembly-" + i, value: String(i) });
    radio.checked = i === 0;
    radio.addEventListener("change", () => selection.showRun(i));
    return el("label", { for: "assembly-" + i }, radio, run.assembly);
  }));
}

function offerEntities(model, selection) {
  const select = byId("entity");
  select.append(option("", "everything"));
  const listed = new Set();
  for (const part of model.parts) {
    part.subjects.forEach((s) => listed.add(s.path));
    select.append(el("optgroup", { label: part.title }, ...part.subjects.map((s) => option(s.path, s.name))));
  }
  for (const kind of ["lp", "vp", "thread"]) {
    const rest = selection.run.ids(kind).map((id) => selection.run.entities[id]).filter((e) => !listed.has(e.path));
    if (rest.length > 0) {
      select.append(el("optgroup", { label: KIND_WORDS[kind] }, ...rest.map((e) => option(e.path, e.name))));
    }
  }
  select.addEventListener("change", () => (select.value === "" ? selection.clear() : selection.select(select.value)));
  selection.listen((what) => what === "entity" && (select.value = selection.chosen ? selection.path : ""));
}

// The findings about the run that is shown.
function tellAbout(selection) {
  const draw = () => {
    const { run } = selection;
    byId("about").replaceChildren(...(selection.model.runs.length < 2 || run.about.length === 0 ? [] : [
      el("details", {}, el("summary", {}, "Everything found under " + run.assembly),
        el("ul", { class: "findings" }, ...run.about.map((text) => el("li", {}, text)))),
    ]));
  };
  selection.listen((what) => what === "run" && draw());
  draw();
}

// Paper is light and as long as it takes, and shows the whole run.
function printWell(timeline, theme) {
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("main details:not([open])")].filter((d) => d.id !== "timeline-slices");
    folded.forEach((d) => (d.open = true));
    theme.apply("light");
    timeline.heightMax = 2000;
    timeline.arrange();
    timeline.paint();
  });
  addEventListener("afterprint", () => {
    folded.forEach((d) => (d.open = false));
    theme.apply(theme.choices[theme.choice]);
    timeline.heightMax = undefined;
    timeline.arrange();
  });
}

function begin() {
  const model = new Model(JSON.parse(byId("data").textContent));
  const selection = new Selection(model);
  offerAssemblies(model, selection);
  offerEntities(model, selection);
  tellAbout(selection);
  new Shares(model, selection);
  new Blame(model, selection);
  new Latency(model, selection);
  new Theft(model, selection);
  const timeline = new Timeline(model, selection);
  new Waits(model, selection, timeline);
  printWell(timeline, new Theme(selection));
  selection.mark();
  timeline.load();
}

begin();
