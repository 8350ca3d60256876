export { ClientError, type ClientFault } from "./client-error.ts";
export { type ChannelName, type Connection, newConnection, readConnectionFile, writeConnectionFile } from "./connection.ts";
export type { ExecuteOptions, ExecutionResult } from "./execution.ts";
export { KernelClient, type MessageChannel, type MessageListener } from "./kernel-client.ts";
export { type KernelSpec, type LaunchOptions, launchKernel } from "./launch-kernel.ts";
export type { LaunchedKernel, ShutdownOptions } from "./launched-kernel.ts";
export type { DisplayDataOutput, ErrorOutput, ExecuteResultOutput, NotebookOutput, StreamOutput } from "./notebook-output.ts";
export { type DisplayRegistry, OutputCollector } from "./output-collector.ts";
export type { RequestOptions, SendOptions } from "./request-options.ts";
