/** How soon the model sees a message that comes while a long tool runs: the step is stopped once the limit has passed. */
import type { Installed } from '../test/build/installed.ts'
import type { Harness, Project } from '../test/support/harness.ts'
import { rowOf, type Row } from './row.ts'

interface Place {
  readonly harness: Harness
  readonly built: Installed
  readonly project: Project
}

/** Beyond the tags that other figures use. */
const FIRST_TAG = 900_000

export async function interrupts({ harness, built, project }: Place, n: number): Promise<Row> {
  const bot = await harness.bot(built.entry)
  const samples: number[] = []
  for (let round = 0; round < n; round += 1) {
    const { id } = harness.owner.send(project.channelId, `sleep #m${FIRST_TAG + 2 * round}`)
    await harness.untilSaid(id, /sleep 60/)
    const tag = `#m${FIRST_TAG + 2 * round + 1}`
    const { id: messageId } = harness.owner.send(id, `hello ${tag}`)
    const seen = await harness.model.until(
      `the model to see ${tag}`,
      ({ hasTools, userTexts }) => hasTools && userTexts.some((text) => text.includes(tag)),
    )
    samples.push(seen.at - dispatchedAt(harness, messageId))
    await harness.untilSaid(id, new RegExp(`Answer to ${tag}`))
  }
  await bot.stop()
  harness.expectFaithful()
  return rowOf(
    { figure: 'message during `sleep 60` seen by the model', unit: 'ms', target: { kind: 'at most', value: 3120 } },
    samples,
  )
}

const dispatchedAt = ({ emulator }: Harness, messageId: string): number =>
  emulator.journal.entries.findLast(
    (one) => one.kind === 'dispatch' && one.event === 'MESSAGE_CREATE' && one.subjectId === messageId,
  )?.at ?? Number.NaN
