import { argusColumns } from "./feeds/argus.ts";
import { asaColumns } from "./feeds/asa.ts";
import { cefColumns } from "./feeds/cef.ts";
import { fireeyeColumns } from "./feeds/fireeye.ts";
import { iseColumns } from "./feeds/ise.ts";
import { labelsColumns } from "./feeds/labels.ts";
import { lancopeColumns } from "./feeds/lancope.ts";
import { leefColumns } from "./feeds/leef.ts";
import { paloaltoColumns } from "./feeds/paloalto.ts";
import { snortColumns } from "./feeds/snort.ts";
import { sourcefireColumns } from "./feeds/sourcefire.ts";
import { squidColumns } from "./feeds/squid.ts";
import { suricataColumns } from "./feeds/suricata.ts";
import { syslogColumns } from "./feeds/syslog.ts";
import { websphereColumns } from "./feeds/websphere.ts";
import { windowsColumns } from "./feeds/windows.ts";
import { yafColumns } from "./feeds/yaf.ts";
import { connColumns, dnsColumns, httpColumns, noticeColumns, sslColumns, weirdColumns } from "./feeds/zeek.ts";
import { standardColumns } from "./standard.ts";
import type { Columns, RowOf } from "./types.ts";

/** The columns of every table that soclab knows before it has seen data. A table's name is its Zeek log path or its feed. */
export const feedColumns = {
  conn: { ...standardColumns, ...connColumns },
  dns: { ...standardColumns, ...dnsColumns },
  http: { ...standardColumns, ...httpColumns },
  ssl: { ...standardColumns, ...sslColumns },
  weird: { ...standardColumns, ...weirdColumns },
  notice: { ...standardColumns, ...noticeColumns },
  argus: { ...standardColumns, ...argusColumns },
  yaf: { ...standardColumns, ...yafColumns },
  labels: { ...standardColumns, ...labelsColumns },
  windows: { ...standardColumns, ...windowsColumns },
  suricata: { ...standardColumns, ...suricataColumns },
  syslog: { ...standardColumns, ...syslogColumns },
  asa: { ...standardColumns, ...asaColumns },
  ise: { ...standardColumns, ...iseColumns },
  paloalto: { ...standardColumns, ...paloaltoColumns },
  fireeye: { ...standardColumns, ...fireeyeColumns },
  lancope: { ...standardColumns, ...lancopeColumns },
  sourcefire: { ...standardColumns, ...sourcefireColumns },
  websphere: { ...standardColumns, ...websphereColumns },
  cef: { ...standardColumns, ...cefColumns },
  leef: { ...standardColumns, ...leefColumns },
  snort: { ...standardColumns, ...snortColumns },
  squid: { ...standardColumns, ...squidColumns },
} as const satisfies Record<string, Columns>;

export type KnownFeed = keyof typeof feedColumns;
export type FeedColumns<F extends string> = F extends KnownFeed ? (typeof feedColumns)[F] : typeof standardColumns;
export type FeedRow<F extends string> = RowOf<FeedColumns<F>>;

/** The declared columns of a table, the standard ones where it is not known. */
export function columnsOf(feed: string): Columns {
  return Object.hasOwn(feedColumns, feed) ? feedColumns[feed as KnownFeed] : standardColumns;
}
