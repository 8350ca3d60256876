import type { HttpFailures } from "../dashboard-data.ts";
import type { Figure } from "../figure.ts";
import { count, percent, plural } from "../format.ts";
import { barsHeight, rankedBars } from "./ranked-bars.ts";

/** Metron's example: hosts by the number of calls that ended in 404. */
export function httpFailuresFigure(http: HttpFailures | null): Figure {
  const figure = { id: "http-failures", title: `HTTP calls that ended in ${http?.status ?? 404}`, height: 160 };
  if (http === null || http.requests === 0) {
    return { ...figure, summary: "The lake holds no HTTP request, so there is nothing to count.", plot: null, table: null };
  }
  const { status, failures, requests, hosts } = http;
  if (failures === 0) {
    return {
      ...figure,
      summary: `None of ${plural(requests, "HTTP request")} in the lake ended in ${status}. They ended in ${endings(http)}.`,
      plot: null,
      table: null,
    };
  }
  const named = hosts.reduce((sum, host) => sum + host.failures, 0);
  const rest = failures - named;
  const few = failures < 10 ? ` With so few, the order says little. All requests ended in ${endings(http)}.` : "";
  return {
    ...figure,
    height: barsHeight(hosts.length),
    summary: `${count(failures)} of ${plural(requests, "HTTP request")} (${percent(failures / requests)}) in the lake ended in ${status}, by requested host, most failures first.${rest > 0 ? ` ${count(rest)} more are spread over other hosts.` : ""}${few}`,
    plot: rankedBars(
      hosts.map((host) => ({
        name: host.host ?? "(no host header)",
        value: host.failures,
        text: `${count(host.failures)} of ${count(host.requests)}`,
      })),
      { unit: `requests that ended in ${status}`, colour: "@series3" },
    ),
    table: {
      caption: `Requests that ended in ${status}, by requested host`,
      columns: [
        { name: "Host" },
        { name: `Ended in ${status}`, isNumber: true },
        { name: "All requests", isNumber: true },
        { name: "Share", isNumber: true },
      ],
      rows: hosts.map((host) => [
        host.host ?? "(no host header)",
        count(host.failures),
        count(host.requests),
        percent(host.failures / host.requests),
      ]),
    },
  };
}

function endings({ statuses }: HttpFailures): string {
  return statuses.map((ending) => `${ending.status ?? "no answer"} (${count(ending.count)})`).join(", ");
}
