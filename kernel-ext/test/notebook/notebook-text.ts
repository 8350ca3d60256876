/** The text of an `.ipynb` file. A cell is its code, or what is to be different of it. */
export function notebookText(cells: readonly (string | Record<string, unknown>)[], metadata: object = {}): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata,
    cells: cells.map((cell, index) => ({
      cell_type: "code",
      id: `cell-${index + 1}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      ...(typeof cell === "string" ? { source: cell } : cell),
    })),
  });
}

export function markdownCell(source: string, further: object = {}): Record<string, unknown> {
  return { cell_type: "markdown", source, execution_count: undefined, outputs: undefined, ...further };
}

export function taggedCell(source: string, tag: string): Record<string, unknown> {
  return { source, metadata: { tags: [tag] } };
}
