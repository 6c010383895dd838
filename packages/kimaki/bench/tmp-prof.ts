import { spawn } from 'node:child_process'
import { startHouse } from '../test/support/house.ts'
const [main = '', dir = ''] = process.argv.slice(2)
const house = await startHouse({ rules: [], emulator: { rateLimits: false } })
const c = spawn(process.execPath, ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', dir, main], { env: house.env, stdio: ['ignore', 'pipe', 'inherit'] })
c.stdout.on('data', () => c.kill('SIGTERM'))
await new Promise((r) => c.once('close', r))
await house.stop()
