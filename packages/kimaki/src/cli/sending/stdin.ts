/** Reads the text that a program pipes in. */
import { PROMPT_LIMIT } from '../../app/send.ts'

/** The option's text; stdin when the option is `-`, or is missing and stdin is no terminal. Empty when there is none. */
export async function readPrompt(option: string | undefined, stdin: NodeJS.ReadStream = process.stdin): Promise<string> {
  if (option !== undefined && option !== '-') return option
  if (option === undefined && stdin.isTTY) return ''
  let text = ''
  for await (const chunk of stdin.setEncoding('utf8')) {
    text += String(chunk)
    // Too long already: the rest of an endless pipe is not waited for.
    if (text.length > 2 * PROMPT_LIMIT) break
  }
  return text
}
