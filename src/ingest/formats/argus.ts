import { type ColumnType, columnsOf } from "../../event/index.ts";
import { columnNames } from "../delimited/column-names.ts";
import { type Cells, type DelimitedFeed, DelimitedRecords, type DelimitedTable } from "../delimited/delimited-records.ts";
import type { FeedFormat } from "../feed-format.ts";
import { protocolName } from "../guess/protocol-names.ts";
import { readableMicros } from "../guess/readable-time.ts";
import { servicePort } from "../guess/service-ports.ts";
import { textValue } from "../guess/text-values.ts";
import { addressIn } from "../guess/usual-names.ts";
import { Rejection, shown } from "../json/json-values.ts";
import type { FieldRecord } from "../records/record-feed.ts";
import { standardAddresses, standardFieldTypes, standardPorts, standardSources } from "../records/standard-fields.ts";

const declared = new Map(Object.entries(columnsOf("argus")).map(([name, type]) => [name.toLowerCase(), { name, type }]));
/** The columns of CTU's binetflow files, which are often cut up without their header. */
const binetflow = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,SrcPkts,Label".split(",");
/** Protocols whose ports are ports; `ra` prints the type and code of ICMP there. */
const withPorts = new Set(["tcp", "udp", "sctp", "dccp", "udplite", "rtp", "rtcp", "udt", "esp-udp"]);

export const argusFeed: DelimitedFeed = {
  isHeader: (cells) => {
    const names = new Set(cells.map((cell) => cell?.trim().toLowerCase()));
    return names.has("srcaddr") || names.has("dstaddr") || (names.has("starttime") && names.has("proto"));
  },
  namesWithoutHeader: (cells) =>
    cells.length === binetflow.length && !Number.isNaN(readableMicros(cells[0] ?? "")) && addressIn(cells[3]) !== null
      ? binetflow
      : undefined,
  table: (titles) => argusTable(titles),
};

function argusTable(titles: Cells): DelimitedTable {
  const names = columnNames(titles, "argus").map((name) => declared.get(name.toLowerCase())?.name ?? name);
  const types = names.map((name): ColumnType => declared.get(name.toLowerCase())?.type ?? "string");
  const at = (name: string) => names.indexOf(name);
  const [start, proto, src, sport, dst, dport] = ["StartTime", "Proto", "SrcAddr", "Sport", "DstAddr", "Dport"].map(at) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const layout = {
    columns: { ...Object.fromEntries(names.map((name, i) => [name, types[i]!])), ...standardFieldTypes },
    unknown: "extra",
    addresses: standardAddresses,
    ports: standardPorts,
    columnName: (joined: string) => joined,
  } as const;
  return {
    tableOf: () => "argus",
    layoutOf: () => layout,
    sevenFields: { ...standardSources, timestamp: start >= 0 ? ["StartTime"] : ["LastTime"] },
    protocolOf: () => null,
    exactInteger: (cells, column) => {
      const text = cells[names.indexOf(column)]?.trim() ?? "";
      return /^[+-]?\d+$/.test(text) ? BigInt(text) : null;
    },
    read(cells) {
      const record: FieldRecord = {};
      for (let i = 0; i < names.length; i++) {
        const text = cells[i]?.trim() ?? "";
        if (text === "") continue;
        const value = textValue(types[i]!, text);
        if (value !== undefined) record[names[i]!] = value;
        else if (types[i] === "timestamp")
          throw new Rejection("BAD_TIMESTAMP", `${names[i]} is ${shown(text)}, expected a date and a time, or seconds since 1970`);
        else throw new Rejection("BAD_NUMBER", `${names[i]} is ${shown(text)}, expected a number`);
      }
      const protocol = protocolName(cells[proto] ?? null);
      if (protocol !== null) record.protocol = protocol;
      const source = addressIn(cells[src] ?? null);
      const destination = addressIn(cells[dst] ?? null);
      if (source !== null) record.ip_src_addr = source;
      if (destination !== null) record.ip_dst_addr = destination;
      if (protocol !== null && withPorts.has(protocol)) {
        const sourcePort = servicePort(cells[sport] ?? null);
        const destinationPort = servicePort(cells[dport] ?? null);
        if (sourcePort !== null) record.ip_src_port = sourcePort;
        if (destinationPort !== null) record.ip_dst_port = destinationPort;
      }
      return record;
    },
  };
}

export const argus: FeedFormat = {
  name: "argus",
  summary: "Argus flows as ra prints them with a delimiter, and CTU binetflow files; columns as the header says",
  open: ({ state }) => new DelimitedRecords(argusFeed, state?.header),
};
