/** What stands in most queries, in the order of a query. */
export const sqlKeywords = [
  ...["SELECT", "DISTINCT", "FROM", "JOIN", "LEFT JOIN", "ASOF JOIN", "SEMI JOIN", "ANTI JOIN", "ON", "USING", "WHERE", "GROUP BY"],
  ...["GROUP BY ALL", "HAVING", "QUALIFY", "ORDER BY", "ASC", "DESC", "NULLS LAST", "LIMIT", "OFFSET", "SAMPLE", "WITH", "AS", "AND", "OR"],
  ...["NOT", "IN", "BETWEEN", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "CAST", "FILTER", "OVER"],
  ...["PARTITION BY", "UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXISTS", "INTERVAL", "TRUE", "FALSE", "NULL", "EXCLUDE", "REPLACE"],
  ...["DESCRIBE", "SUMMARIZE", "SHOW TABLES", "EXPLAIN", "VALUES", "UNNEST"],
] as const;

/** Names that must be quoted where they are a column's. */
export const reservedWords: ReadonlySet<string> = new Set([
  ...["all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case", "cast", "check", "collate", "column"],
  ...[
    "constraint",
    "create",
    "default",
    "deferrable",
    "desc",
    "describe",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
  ],
  ...["foreign", "from", "group", "having", "in", "initially", "intersect", "into", "lambda", "lateral", "leading", "limit", "not", "null"],
  ...["offset", "on", "only", "or", "order", "pivot", "placing", "primary", "qualify", "references", "returning", "select", "show", "some"],
  ...[
    "summarize",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "unpivot",
    "using",
    "variadic",
    "when",
    "where",
  ],
  ...["window", "with"],
]);
