/** Waiting for what must come, without sleeping: turns of the event loop, and an end when it does not come. */
const TURNS = 400

export async function until(what: string, holds: () => unknown): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    if (await holds()) return
    await new Promise(setImmediate)
  }
  throw new Error(`never came: ${what}`)
}

/** Everything that is on its way without a timer has arrived. */
export async function quiet(turns = 30): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
}
