/** The launcher of the bundle that this test run has made of the bot: its starts cost half as much. */
import { join } from 'node:path'

/** Undefined where no test run has made one: the sources are run. */
export function builtKimaki(): string | undefined {
  const folder = process.env['KIMAKI_TEST_PROGRAMS']
  return folder && join(folder, 'package/bin/kimaki.cjs')
}
