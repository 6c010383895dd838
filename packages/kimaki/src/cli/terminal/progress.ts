/** While something takes longer than a second, a person at a terminal sees what it is. */
const AFTER_MS = 1000
const CLEAR_LINE = '\r\u001B[2K'

type Stderr = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>

export async function withProgress<T>(words: string, work: Promise<T>, stderr: Stderr = process.stderr): Promise<T> {
  if (!stderr.isTTY) return work
  let isShown = false
  const timer = setTimeout(() => {
    isShown = true
    stderr.write(`${words}…`)
  }, AFTER_MS)
  try {
    return await work
  } finally {
    clearTimeout(timer)
    if (isShown) stderr.write(CLEAR_LINE)
  }
}
