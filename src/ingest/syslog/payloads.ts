import { asaTable, readAsa } from "../formats/asa.ts";
import { cefTable, readCef } from "../formats/cef.ts";
import { fireeyeTable, readFireeye } from "../formats/fireeye.ts";
import { iseTable, readIse } from "../formats/ise.ts";
import { lancopeTable, readLancope } from "../formats/lancope.ts";
import { leefTable, readLeef } from "../formats/leef.ts";
import { paloaltoTable, readPaloAlto } from "../formats/paloalto.ts";
import { readSnort, snortTable } from "../formats/snort.ts";
import { readSourcefire, sourcefireTable } from "../formats/sourcefire.ts";
import { readSquid, squidTable } from "../formats/squid.ts";
import { readWebsphere, websphereTable } from "../formats/websphere.ts";
import type { TextTable } from "../records/fields.ts";
import type { Reading } from "../records/text-feed.ts";
import type { Envelope } from "./envelope.ts";

/** A format whose records come as the message of a syslog line. */
export interface Payload {
  readonly table: TextTable;
  /** Reads a record that begins the text; false where it does not. @throws Rejection */
  read(text: string, reading: Reading): boolean;
}

const asa: Payload = { table: asaTable, read: readAsa };
const cef: Payload = { table: cefTable, read: readCef };
const leef: Payload = { table: leefTable, read: readLeef };
const ise: Payload = { table: iseTable, read: readIse };
const paloalto: Payload = { table: paloaltoTable, read: readPaloAlto };
const fireeye: Payload = { table: fireeyeTable, read: readFireeye };
const lancope: Payload = { table: lancopeTable, read: readLancope };
const sourcefire: Payload = { table: sourcefireTable, read: readSourcefire };
const websphere: Payload = { table: websphereTable, read: readWebsphere };
const snort: Payload = { table: snortTable, read: readSnort };
const squid: Payload = { table: squidTable, read: readSquid };

export const payloads: readonly Payload[] = [asa, cef, leef, ise, paloalto, fireeye, lancope, sourcefire, websphere, snort, squid];

/** Programs whose messages have a format of their own. */
const byProgram: Readonly<Record<string, Payload>> = { StealthWatch: lancope, SFIMS: sourcefire, snort, squid, "(squid-1)": squid };
const [percent, comma, zero, nine, upperC, upperL, bracket, lowerF] = [37, 44, 48, 57, 67, 76, 91, 102];

/** The format that the text behind a header begins as. Sure enough to try it, and cheap: it is asked for every line. */
export function payloadOf(line: string, start: number, envelope: Envelope): Payload | undefined {
  const code = line.charCodeAt(start);
  if (code === percent) return asa;
  if (code === upperC) return line.startsWith("CEF:", start) ? cef : line.startsWith("CISE_", start) ? ise : undefined;
  if (code === upperL) return line.startsWith("LEEF:", start) ? leef : undefined;
  if (code === lowerF) return line.startsWith("fenotify-", start) ? fireeye : undefined;
  if (code === comma || (code >= zero && code <= nine && line.charCodeAt(line.indexOf(",", start)) === comma && isPanStart(line, start)))
    return paloalto;
  if (code === bracket && line.includes("[0x", start)) return websphere;
  return Object.hasOwn(byProgram, envelope.appName) ? byProgram[envelope.appName] : undefined;
}

function isPanStart(line: string, start: number): boolean {
  const first = line.indexOf(",", start);
  return first - start <= 3 && /^\d{4}[/-]\d\d[/-]\d\d/.test(line.slice(first + 1, first + 11));
}
