import { cpus, freemem, hostname, loadavg, totalmem } from "node:os";
import { memoryUsage, pid } from "node:process";
import type { JsonObject } from "../protocol/message.ts";

/** What JupyterLab's panel of kernel usage asks for. */
export function usage(): JsonObject {
  const cores = cpus().length;
  const [total, free] = [totalmem(), freemem()];
  return {
    hostname: hostname(),
    pid,
    kernel_cpu: cpuPercent(),
    kernel_memory: memoryUsage.rss(),
    cpu_count: cores,
    host_cpu_percent: Math.min(100, ((loadavg()[0] ?? 0) / cores) * 100),
    host_virtual_memory: { total, available: free, used: total - free, free, percent: ((total - free) / total) * 100 },
  };
}

let last = { cpu: process.cpuUsage(), atMs: performance.now() };

function cpuPercent(): number {
  const now = { cpu: process.cpuUsage(), atMs: performance.now() };
  const usedMs = (now.cpu.user + now.cpu.system - last.cpu.user - last.cpu.system) / 1000;
  const percent = (usedMs / Math.max(1, now.atMs - last.atMs)) * 100;
  last = now;
  return percent;
}
