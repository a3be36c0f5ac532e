// Slices as typed arrays, from the text in the page (written by PageSlices.java).

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[i] = text.charCodeAt(i);
  }
  return bytes;
}

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

class VarintReader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  // By multiplication: durations do not fit into 32 bits.
  next() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      if (byte < 128) {
        return value;
      }
      scale *= 128;
    }
  }

  done() {
    return this.at >= this.bytes.length;
  }
}

// The tracks of a run by entity id: { status: Track[], current: Track[] }.
async function readTracks(text) {
  const reader = new VarintReader(await inflate(bytesOf(text)));
  const tracks = { status: [], current: [] };
  while (!reader.done()) {
    const id = reader.next();
    const column = reader.next() === 0 ? tracks.status : tracks.current;
    const count = reader.next();
    reader.next();
    const starts = new Float64Array(count + 1);
    const codes = new Int32Array(count);
    let at = 0;
    for (let i = 0; i < count; i++) {
      starts[i] = at;
      at += reader.next();
      codes[i] = reader.next();
    }
    starts[count] = at;
    column[id] = new Track(starts, codes);
  }
  return tracks;
}
