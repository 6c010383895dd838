/** `npm run test:gateway -- --n 200 --seed 7`: kills of the gateway and its bots, and what stands in the inboxes. Exits 1 when anything is amiss. */
import { parseArgs } from 'node:util'
import { runKills } from './kills.ts'

const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    hasty: { type: 'boolean', default: false },
  },
})
const onKill = (done: number): void => void (done % 20 === 0 && process.stderr.write(`${done} kills\n`))
const result = await runKills({
  kills: Number(values.n),
  seed: Number(values.seed),
  onKill,
  program: values.hasty ? 'hasty' : 'gateway',
})
const { gatewayKills, botKills, messages, wanted, lost, doubled, foreign, gaps } = result
process.stdout.write(
  `seed ${values.seed}: ${gatewayKills} kills of the gateway and ${botKills} of bots over ${messages} messages; of ${wanted} to be heard ${lost} lost, ${doubled} doubled, ${foreign} foreign; ${gaps} gaps\n`,
)
process.exitCode = lost + doubled + foreign + gaps === 0 ? 0 : 1
