/** `kimaki doctor`: looks at everything that has to be right, and says what to do about what is not. */
import { jsonForTerminal, lineForTerminal } from '../../base/text.ts'
import { systemClock } from '../../base/clock.ts'
import { defineCliCommand } from '../command.ts'
import { EXIT_FAILURE, EXIT_OK } from '../status.ts'

const SIGNS = { ok: '✓', warning: '!', bad: '✗' } as const

export const doctor = defineCliCommand({
  usage: 'doctor',
  description: 'look at everything that has to be right, and say what to do',
  examples: ['kimaki doctor', 'kimaki doctor --json'],
  options: { json: { flag: '--json', description: 'as JSON' } },
  async run({ config, options, print }) {
    const { look } = await import('../doctor/look.ts')
    const { isWell, judge } = await import('../doctor/verdicts.ts')
    const findings = judge(await look(config, () => systemClock.now()))
    if (options.json) print(jsonForTerminal({ ok: isWell(findings), checks: findings }, 2))
    else
      for (const { check, verdict, found, fix } of findings) {
        print(`${SIGNS[verdict]} ${check}: ${lineForTerminal(found)}`)
        if (fix !== undefined) print(`    ${lineForTerminal(fix)}`)
      }
    return isWell(findings) ? EXIT_OK : EXIT_FAILURE
  },
  routes: {},
})
