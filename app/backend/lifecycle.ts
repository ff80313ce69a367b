/** Where the process is between its start and its end; only a ready one may receive new traffic. */
export type Phase = "starting" | "ready" | "draining"

export interface Lifecycle {
  phase: Phase
}

export const createLifecycle = (): Lifecycle => ({ phase: "starting" })
