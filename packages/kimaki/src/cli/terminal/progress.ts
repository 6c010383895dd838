/** While something takes longer than a second, a person at a terminal sees what it is. */
import { forTerminal } from '../../base/text.ts'

const AFTER_MS = 1000
const CLEAR_LINE = '\r\u001B[2K'

type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>

export async function withProgress<T>(words: string, work: Promise<T>, screen: Screen = process.stderr): Promise<T> {
  if (!screen.isTTY) return work
  let isShown = false
  const timer = setTimeout(() => {
    isShown = true
    screen.write(`${forTerminal(words)}…`)
  }, AFTER_MS)
  try {
    return await work
  } finally {
    clearTimeout(timer)
    if (isShown) screen.write(CLEAR_LINE)
  }
}
