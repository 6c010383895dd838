/**
 * The real bot, which writes to `MEASURED` when each message's inbox row was committed, and every second what keeps its event loop
 * busy. One JSON object a line.
 */
import { appendFileSync } from 'node:fs'
import { readConfig } from '../../src/cli/config.ts'
import { run } from '../../src/cli/process/run.ts'

export type Measured =
  | { readonly kind: 'accepted'; readonly messageId: string; /** Unix ms with fraction. */ readonly at: number }
  | { readonly kind: 'resources'; readonly at: number; readonly byType: Readonly<Record<string, number>> }

const file = process.env['MEASURED'] ?? ''
const now = (): number => performance.timeOrigin + performance.now()
const write = (line: Measured): void => appendFileSync(file, `${JSON.stringify(line)}\n`)

setInterval(() => {
  const byType: Record<string, number> = {}
  for (const type of process.getActiveResourcesInfo()) byType[type] = (byType[type] ?? 0) + 1
  write({ kind: 'resources', at: now(), byType })
}, 1000).unref()

const config = readConfig({}, process.env)
if (config instanceof Error) throw config
process.exitCode = await run(config, {
  store: (store) => ({
    ...store,
    async commit(batch) {
      const result = await store.commit(batch)
      const at = now()
      if (!(result instanceof Error))
        for (const { request } of result)
          if (request.kind === 'message') write({ kind: 'accepted', messageId: request.message.id, at })
      return result
    },
  }),
})
