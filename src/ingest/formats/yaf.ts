import { type ColumnType, columnsOf } from "../../event/index.ts";
import { type Cells, type DelimitedFeed, DelimitedRecords, type DelimitedTable } from "../delimited/delimited-records.ts";
import type { FeedFormat } from "../feed-format.ts";
import { protocolName } from "../guess/protocol-names.ts";
import { textValue } from "../guess/text-values.ts";
import { Rejection, shown } from "../json/json-values.ts";
import type { FieldRecord } from "../records/record-feed.ts";

const types = columnsOf("yaf");
const before = ["start_time", "end_time", "duration", "rtt", "proto", "sip", "sp", "dip", "dp"];
const after = "iflags uflags riflags ruflags isn risn tag rtag pkt oct rpkt roct app end_reason".split(" ");
/** Without and with `--mac`. */
const layouts: readonly (readonly string[])[] = [
  [...before, ...after],
  [...before, "src_mac", "dst_mac", ...after],
];
/** How a header names columns that are called otherwise here. */
const headerNames: Readonly<Record<string, string>> = {
  protocol: "proto",
  "start-time": "start_time",
  "end-time": "end_time",
  dur: "duration",
  "end-reason": "end_reason",
  "initial-seq": "isn",
  "reverse-initial-seq": "risn",
  packets: "pkt",
  octets: "oct",
  bytes: "oct",
};

export const yafFeed: DelimitedFeed = {
  dialect: { delimiter: 124, quotes: false },
  isHeader: (cells) => /^ *start[-_ ]?time *$/i.test(cells[0] ?? ""),
  namesWithoutHeader: (cells) =>
    layouts.find(({ length }) => length === cells.length || (length + 1 === cells.length && cells.at(-1) === null)),
  table: (titles) => yafTable(titles),
};

function yafTable(titles: Cells): DelimitedTable | { reason: string } {
  const names = titles.map((title) => {
    const plain = (title ?? "").trim().toLowerCase();
    return Object.hasOwn(headerNames, plain) ? headerNames[plain]! : plain.replace(/[^a-z0-9]+/g, "_");
  });
  if (new Set(names).size !== names.length) return { reason: "two columns of the header have the same name" };
  const columns = Object.fromEntries(
    names.map((name): [string, ColumnType] => [name, Object.hasOwn(types, name) ? types[name]! : "string"]),
  );
  const layout = {
    columns: { ...columns, protocol: "string" },
    unknown: "extra",
    addresses: new Set(["sip", "dip"]),
    ports: new Set(["sp", "dp"]),
    columnName: (joined: string) => joined,
  } as const;
  return {
    tableOf: () => "yaf",
    layoutOf: () => layout,
    sevenFields: {
      timestamp: ["start_time"],
      ip_src_addr: ["sip"],
      ip_src_port: ["sp"],
      ip_dst_addr: ["dip"],
      ip_dst_port: ["dp"],
      protocol: ["protocol"],
    },
    protocolOf: () => null,
    exactInteger: (cells, column) => {
      const text = cells[names.indexOf(column)]?.trim() ?? "";
      return /^[+-]?\d+$/.test(text) ? BigInt(text) : null;
    },
    read(cells) {
      const record: FieldRecord = {};
      for (let i = 0; i < names.length; i++) {
        const name = names[i]!;
        const text = cells[i]?.trim() ?? "";
        if (text === "") continue;
        const value = textValue(columns[name]!, text);
        if (value === undefined) {
          if (columns[name] === "timestamp")
            throw new Rejection("BAD_TIMESTAMP", `${name} is ${shown(text)}, expected 2016-01-28 15:29:48.512`);
          throw new Rejection("BAD_NUMBER", `${name} is ${shown(text)}, expected a number`);
        }
        record[name] = value;
      }
      for (const name of ["start_time", "sip", "dip"]) {
        if (record[name] === undefined) throw new Rejection(name === "start_time" ? "BAD_TIMESTAMP" : "BAD_ADDRESS", `${name} is empty`);
      }
      const protocol = protocolName(typeof record.proto === "number" ? record.proto : null);
      if (protocol !== null) record.protocol = protocol;
      return record;
    },
  };
}

export const yaf: FeedFormat = {
  name: "yaf",
  summary: "NetFlow and IPFIX flows in YAF's text form, fields between pipes (yafscii --tabular)",
  open: ({ state }) => new DelimitedRecords(yafFeed, state?.header),
};
