/** Starts an emulator as it should be. */
import type { Emulator, EmulatorOptions } from './api.ts'
import { assembleEmulator, type Parts } from './assemble.ts'
import { ROUTES } from './rest/routes.ts'

/** Resolves once the port listens. Every option has a default; see `EmulatorOptions`. */
export function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  return assembleEmulator(options, PARTS)
}

export const PARTS: Parts = {
  routes: ROUTES,
  limiter: (limiter) => limiter,
  replayLog: (log) => log,
  dispatched: (_event, data) => data,
}
