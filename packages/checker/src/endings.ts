import { compareIds } from './history.ts'
import type { History, Post, Request } from './history.ts'
import type { Prompt } from './tags.ts'
import type { CheckInput } from './input.ts'

export type Ending = 'answered' | 'interrupted' | 'told' | 'lost'

/**
 * How each prompt ended, judged by what stands in its home thread:
 * - answered: the token of a last word (an answer that calls no tool) to it;
 * - interrupted: the line that says so, after it, where the model had called a tool for it;
 * - told: another ending line after it;
 * - lost: none of these.
 */
export function endings(history: History, { isInterrupted, isRefusal }: CheckInput): ReadonlyMap<Prompt, Ending> {
  const threads = Map.groupBy(history.posts, ({ channelId }) => channelId)
  const answersTo = new Map<Prompt, Request[]>()
  for (const request of history.requests)
    for (const prompt of new Set(request.answering)) answersTo.set(prompt, [...(answersTo.get(prompt) ?? []), request])

  function endingOf(prompt: Prompt): Ending {
    const posts = threads.get(prompt.home) ?? []
    const answers = answersTo.get(prompt) ?? []
    const tokens = new Set(answers.flatMap(({ token, tools }) => (tools.length === 0 && token !== undefined ? [token] : [])))
    if (posts.some((post) => post.tokens.some((token) => tokens.has(token)))) return 'answered'

    const later = posts.filter((post: Post) => compareIds(post.messageId, prompt.messageId) > 0)
    const worked = answers.some(({ tools, outcome }) => tools.length > 0 && outcome === 'done')
    if (worked && later.some(({ content }) => isInterrupted(content))) return 'interrupted'
    return later.some(({ content }) => isRefusal(content, prompt.tag)) ? 'told' : 'lost'
  }

  return new Map(history.prompts.map((prompt) => [prompt, endingOf(prompt)]))
}
