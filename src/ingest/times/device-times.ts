import { SoclabError } from "../../core/index.ts";
import type { ParserOptions } from "../parser.ts";
import { DeviceClock } from "./device-clock.ts";
import { TimeReader } from "./time-reader.ts";

/**
 * What a user says of times that name no year or no zone, checked.
 * @param given - `referenceTime` as ISO 8601, a date, or epoch seconds or milliseconds; `zone` as IANA name or offset
 * @throws SOCLAB_INVALID_VALUE
 */
export function deviceTimes(given: {
  readonly referenceTime?: string | undefined;
  readonly zone?: string | undefined;
}): Pick<ParserOptions, "referenceTime" | "zone"> {
  const { referenceTime: text, zone } = given;
  const clock = new DeviceClock(zone === undefined ? {} : { zone });
  if (text === undefined) return { zone };
  const micros = new TimeReader(clock).parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text);
  if (Number.isNaN(micros)) {
    throw new SoclabError("SOCLAB_INVALID_VALUE", `"${text}" is no time, expected ISO 8601 or seconds since 1970`, {
      hint: "For example 2016-12-31 or 2016-12-31T08:00:00Z.",
    });
  }
  return { referenceTime: Math.floor(micros / 1000), zone };
}
