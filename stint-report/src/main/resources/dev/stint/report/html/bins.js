// The bins of LogBins.java: eight to an octave.

const SUB_BITS = 3;

// The least value of a bin, in nanoseconds.
function binStart(index) {
  const sub = 1 << SUB_BITS;
  if (index < 2 * sub) {
    return index;
  }
  const shift = Math.floor(index / sub) - 1;
  return (index % sub + sub) * 2 ** shift;
}
