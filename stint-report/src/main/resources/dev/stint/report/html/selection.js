// Which run and which entity the page shows; everything that shows them listens.

class Selection {
  constructor(model) {
    this.model = model;
    this.runIndex = 0;
    this.path = model.firstPath();
    this.chosen = false;
    this.listeners = [];
  }

  get run() {
    return this.model.runs[this.runIndex];
  }

  listen(listener) {
    this.listeners.push(listener);
  }

  select(path) {
    if (path !== this.path || !this.chosen) {
      this.path = path;
      this.chosen = true;
      this.tell("entity");
      announce("Selected " + (this.run.byPath.get(path)?.name ?? path));
    }
  }

  // Shows everything alike again.
  clear() {
    this.path = this.model.firstPath();
    this.chosen = false;
    this.tell("entity");
    announce("Nothing selected");
  }

  showRun(index) {
    if (index !== this.runIndex) {
      this.runIndex = index;
      this.tell("run");
      announce("Shows the run under " + this.run.assembly);
    }
  }

  restyle() {
    this.tell("style");
  }

  tell(what) {
    this.listeners.forEach((listener) => listener(what));
    this.mark();
  }

  // Marks whatever stands for the selected entity.
  mark() {
    for (const node of document.querySelectorAll("[data-path]")) {
      node.classList.toggle("selected", this.chosen && node.dataset.path === this.path);
    }
  }
}

// Tells those who listen rather than look.
function announce(text) {
  byId("live").textContent = text;
}
