const [quote, comma] = [34, 44];

/** The cells of a line of comma-separated values, quotes taken off; a quote that is not closed goes on to the end of the line. */
export function csvCells(text: string, start = 0): string[] {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    if (text.charCodeAt(at) === quote) {
      let value = "";
      let from = at + 1;
      let close = text.indexOf('"', from);
      while (close >= 0 && text.charCodeAt(close + 1) === quote) {
        value += text.slice(from, close + 1);
        from = close + 2;
        close = text.indexOf('"', from);
      }
      if (close < 0) {
        cells.push(value + text.slice(from));
        return cells;
      }
      const end = text.indexOf(",", close + 1);
      cells.push(value + text.slice(from, close) + text.slice(close + 1, end < 0 ? text.length : end).trimEnd());
      if (end < 0) return cells;
      at = end + 1;
    } else {
      const end = text.indexOf(",", at);
      cells.push(text.slice(at, end < 0 ? text.length : end));
      if (end < 0) return cells;
      at = end + 1;
    }
    if (at === text.length && text.charCodeAt(at - 1) === comma) {
      cells.push("");
      return cells;
    }
  }
}
