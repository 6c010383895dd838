/** Commands that are words: what somebody can write in the thread, as a command of its own for those who do not know the words. */
import type { SpokenAnswer } from '../../domain/conversation/step.ts'
import { messageText } from '../../view/text/notice.ts'

/** `words` are taken as if the person had written them; the answer shows them to everybody. */
export const saying = (userName: string, words: string): SpokenAnswer => ({ says: words, reply: messageText(userName, words) })
