import { type ColumnType, feedColumns, standardColumns } from "../../event/index.ts";
import { type DocumentFeed, JsonDocuments } from "../documents/json-documents.ts";
import type { FeedFormat } from "../feed-format.ts";
import type { JsonLayout } from "../json/json-columns.ts";
import { standardAddresses, standardFieldTypes, standardPorts, standardSources } from "../records/standard-fields.ts";
import { windowsRecord } from "../windows/windows-record.ts";

const own: Record<string, ColumnType> = Object.fromEntries(
  Object.entries(feedColumns.windows).filter(([name]) => !Object.hasOwn(standardColumns, name)),
);

const layout: JsonLayout = {
  columns: { ...own, ...standardFieldTypes },
  unknown: "extra",
  addresses: standardAddresses,
  ports: standardPorts,
  columnName: (joined) => joined,
};

export const windowsFeed: DocumentFeed = {
  tableOf: () => "windows",
  layoutOf: () => layout,
  sevenFields: standardSources,
  protocolOf: () => null,
  read: windowsRecord,
};

export const windows: FeedFormat = {
  name: "windows",
  summary: "Windows event logs and Sysmon as JSON: nested like the XML, flat (NXLog, OTRF), or Winlogbeat's",
  open: ({ state }) => new JsonDocuments(windowsFeed, state?.header),
};
