/** @see RFC 5424, table 1; the short names are those of syslog.h */
const facilities =
  "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7".split(
    " ",
  );

/** @see RFC 5424, table 2 */
const severities = "emerg alert crit err warn notice info debug".split(" ");

export const highestPriority = 191;

export function facilityOf(priority: number): string {
  return facilities[priority >> 3]!;
}

export function severityOf(priority: number): string {
  return severities[priority & 7]!;
}
