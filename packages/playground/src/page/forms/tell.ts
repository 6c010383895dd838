/** What comes of a press, a choice or a command: nothing more, a form of the bot, or a few words about what was wrong. */
import { toast } from '../base/toasts.ts'
import type { Answer } from '../state/connection.ts'
import { showForm } from './form.ts'

/** Whether it went well. */
export async function tell(answer: Promise<Answer>): Promise<boolean> {
  const done = await answer
  if ('error' in done) {
    toast(done.error, 'bad')
    return false
  }
  if (done.form) showForm(done.form, tell)
  return true
}
