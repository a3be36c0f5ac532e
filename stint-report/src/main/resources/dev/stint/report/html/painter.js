// Draws the timeline. Rows with few slices in view are drawn slice by slice, with names; rows with
// many are binned: every bin shows how its time divides between the classes, from the bottom up.

const ROW_HEIGHT = 18;
const ROW_GAP = 3;
const AXIS_HEIGHT = 26;
const GUTTER = 150;
// Bins as wide as a pixel flicker where slices are about as long.
const BIN_WIDTH = 3;

class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d", { alpha: false });
    this.cache = new Map();
    this.low = new Float64Array(CLASS_COUNT);
    this.high = new Float64Array(CLASS_COUNT);
  }

  // Colours may have changed.
  restyle() {
    this.cache.clear();
  }

  colour(name) {
    let colour = this.cache.get(name);
    if (colour === undefined) {
      const css = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      this.ctx.fillStyle = css;
      const hex = parseInt(this.ctx.fillStyle.slice(1), 16);
      const pixel = (255 << 24) | ((hex & 255) << 16) | (hex & 0xff00) | (hex >> 16);
      colour = { css, pixel, ink: luminance(hex) > 0.3 ? "#000" : "#fff" };
      this.cache.set(name, colour);
    }
    return colour;
  }

  paint(scene) {
    const { width, height, rows, view, scrollTop, selected, focus } = scene;
    const scale = devicePixelRatio;
    const { ctx, canvas } = this;
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.style.width = width + "px";
      canvas.style.height = height + "px";
    }
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    ctx.fillStyle = this.colour("--panel").css;
    ctx.fillRect(0, 0, width, height);
    const pitch = ROW_HEIGHT + ROW_GAP;
    const first = Math.max(0, Math.floor(scrollTop / pitch));
    const last = Math.min(rows.length, Math.ceil((scrollTop + height - AXIS_HEIGHT) / pitch));
    for (let i = first; i < last; i++) {
      const y = AXIS_HEIGHT + i * pitch - scrollTop;
      this.row(rows[i], y, width, view, { selected: rows[i].path === selected, focused: i === focus });
    }
    this.beyond(scene);
    this.axis(width, height, view);
  }

  row(row, y, width, view, { selected, focused }) {
    const { ctx } = this;
    ctx.textBaseline = "middle";
    if (row.head !== undefined) {
      this.text(row.head, 4, y + ROW_HEIGHT / 2 + 2, GUTTER + 200, "600 12px", "--text");
      ctx.fillStyle = this.colour("--line").css;
      ctx.fillRect(0, y + ROW_HEIGHT + 1, width, 1);
      return;
    }
    if (selected) {
      ctx.fillStyle = this.colour("--chosen").css;
      ctx.fillRect(0, y - 1, width, ROW_HEIGHT + 2);
    }
    this.text(row.label, 12, y + ROW_HEIGHT / 2, GUTTER - 18, selected ? "600 12px" : "12px", "--text");
    const from = row.track.count === 0 ? 0 : row.track.indexAt(view.fromNs);
    const to = row.track.count === 0 ? -1 : row.track.indexAt(view.toNs);
    if (to >= from) {
      if ((to - from) * 3 < width - GUTTER) {
        this.slices(row, y, width, view, from, to);
      } else {
        this.bins(row, y, width, view, from);
      }
    }
    if (focused && document.activeElement === this.canvas) {
      ctx.strokeStyle = this.colour("--focus").css;
      ctx.lineWidth = 2;
      ctx.strokeRect(1, y - 1, width - 2, ROW_HEIGHT + 2);
    }
  }

  text(text, x, y, room, font, colour) {
    const { ctx } = this;
    ctx.font = font + " system-ui, sans-serif";
    ctx.fillStyle = this.colour(colour).css;
    let shown = text;
    if (ctx.measureText(text).width > room) {
      let keep = text.length;
      while (keep > 1 && ctx.measureText(text.slice(0, keep) + "…").width > room) {
        keep--;
      }
      shown = text.slice(0, keep) + "…";
    }
    ctx.fillText(shown, x, y);
  }

  slices(row, y, width, view, from, to) {
    const { ctx } = this;
    const perNs = (width - GUTTER) / view.spanNs;
    for (let i = from; i <= to; i++) {
      const left = GUTTER + Math.max(0, (row.track.starts[i] - view.fromNs) * perNs);
      const right = GUTTER + Math.min(width - GUTTER, (row.track.starts[i + 1] - view.fromNs) * perNs);
      const of = row.track.classes[i];
      const colour = this.colour(row.colours[of]);
      const inset = of === IDLE_CLASS ? ROW_HEIGHT / 2 - 1 : 0;
      ctx.fillStyle = colour.css;
      const gap = right - left > 3 ? 0.5 : 0;
      ctx.fillRect(left, y + inset, right - left - gap, ROW_HEIGHT - 2 * inset);
      if (of !== IDLE_CLASS && right - left > 20) {
        this.nameIn(row.nameOf(row.track.codes[i]), left + 3, y, right - left - 6, colour.ink);
      }
    }
  }

  // The whole name if it fits, else its last part, else nothing.
  nameIn(name, x, y, room, ink) {
    const { ctx } = this;
    ctx.font = "11px system-ui, sans-serif";
    const fits = [name, name.slice(name.lastIndexOf("/") + 1)].find((text) => ctx.measureText(text).width <= room);
    if (fits !== undefined) {
      ctx.fillStyle = ink;
      ctx.fillText(fits, x, y + ROW_HEIGHT / 2);
    }
  }

  bins(row, y, width, view, from) {
    const scale = devicePixelRatio;
    const columns = Math.round((width - GUTTER) * scale);
    const bin = Math.round(BIN_WIDTH * scale);
    const lines = Math.round(ROW_HEIGHT * scale);
    const image = this.ctx.createImageData(columns, lines);
    const pixels = new Uint32Array(image.data.buffer);
    pixels.fill(this.colour("--panel").pixel);
    const colours = row.colours.map((name) => this.colour(name).pixel);
    const { track } = row;
    const endNs = Math.min(view.toNs, track.endNs);
    let index = from;
    let { low, high } = this;
    track.sumsAt(view.fromNs, index, low);
    for (let x = 0; x < columns; x += bin) {
      const leftNs = view.fromNs + (x * view.spanNs) / columns;
      const rightNs = Math.min(endNs, view.fromNs + ((x + bin) * view.spanNs) / columns);
      if (rightNs <= leftNs) {
        break;
      }
      index = this.advance(track, index, rightNs);
      track.sumsAt(rightNs, index, high);
      this.column(pixels, { x, end: Math.min(columns, x + bin), columns, lines }, low, high, rightNs - leftNs, colours);
      [low, high] = [high, low];
    }
    this.ctx.putImageData(image, Math.round(GUTTER * scale), Math.round(y * scale));
  }

  // The slice at `ns`, given one before it: a few steps, or a search when it is far.
  advance(track, index, ns) {
    for (let step = 0; step < 16; step++) {
      if (index + 1 >= track.count || track.starts[index + 1] > ns) {
        return index;
      }
      index++;
    }
    return track.indexAt(ns);
  }

  column(pixels, { x, end, columns, lines }, low, high, wholeNs, colours) {
    let bottom = lines;
    let left = 0;
    for (let c = 1; c < colours.length && bottom > 0; c++) {
      const part = high[c] - low[c];
      if (part > 0) {
        left += (part * lines) / wholeNs;
        const top = Math.max(0, lines - Math.round(left));
        for (let line = top; line < bottom; line++) {
          pixels.fill(colours[c], line * columns + x, line * columns + end);
        }
        bottom = top;
      }
    }
  }

  // What was not recorded.
  beyond({ width, height, view, coveredNs }) {
    if (coveredNs >= view.toNs) {
      return;
    }
    const { ctx } = this;
    const left = GUTTER + Math.max(0, ((coveredNs - view.fromNs) / view.spanNs) * (width - GUTTER));
    ctx.fillStyle = this.colour("--beyond").css;
    ctx.fillRect(left, AXIS_HEIGHT, width - left, height - AXIS_HEIGHT);
    this.text("not kept: see the note above", left + 6, AXIS_HEIGHT + 30, width - left - 8, "12px", "--text");
  }

  axis(width, height, view) {
    const { ctx } = this;
    ctx.fillStyle = this.colour("--panel").css;
    ctx.fillRect(0, 0, width, AXIS_HEIGHT);
    ctx.fillStyle = this.colour("--line").css;
    ctx.fillRect(0, AXIS_HEIGHT - 1, width, 1);
    const { step, ticks } = view.ticks(Math.max(2, Math.floor((width - GUTTER) / 110)));
    const decimals = Math.min(9, Math.max(0, -Math.floor(Math.log10(step / 1e9) + 1e-9)));
    ctx.font = "11px system-ui, sans-serif";
    for (const ns of ticks) {
      const x = GUTTER + ((ns - view.fromNs) / view.spanNs) * (width - GUTTER);
      ctx.fillStyle = this.colour("--line").css;
      ctx.fillRect(x, AXIS_HEIGHT - 7, 1, 7);
      ctx.globalAlpha = 0.35;
      ctx.fillRect(x, AXIS_HEIGHT, 1, height);
      ctx.globalAlpha = 1;
      ctx.fillStyle = this.colour("--text").css;
      const label = (ns / 1e9).toFixed(decimals) + " s";
      const room = ctx.measureText(label).width;
      ctx.fillText(label, Math.min(x - room / 2 > GUTTER - 20 ? x - room / 2 : x, width - room - 2), 11);
    }
  }
}

// Relative luminance of a colour, as WCAG defines it.
function luminance(rgb) {
  const linear = (value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(rgb >> 16) + 0.7152 * linear((rgb >> 8) & 255) + 0.0722 * linear(rgb & 255);
}
