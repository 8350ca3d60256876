/** What the adapter can do, in the words of the Debug Adapter Protocol. */
export const capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsEvaluateForHovers: true,
  supportsClipboardContext: true,
  supportsSetVariable: true,
  supportsExceptionInfoRequest: true,
  supportsModulesRequest: true,
  supportsTerminateRequest: true,
  supportsRestartRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportsSteppingGranularity: true,
  exceptionBreakpointFilters: [
    {
      filter: "uncaught",
      label: "Uncaught exceptions",
      description: "Stops where something is thrown that no code of yours catches",
      default: false,
    },
    { filter: "all", label: "All exceptions", description: "Stops at everything that is thrown, also what is caught", default: false },
  ],
} as const;
