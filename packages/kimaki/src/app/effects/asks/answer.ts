/** Hands the answers to a question over. The agent waits for them: only that, or that the question has gone, ends this. */
import type { Outcome } from '../../../domain/conversation/effect.ts'
import type { AnswerQuestion } from '../../../domain/conversation/features/asks/asks.ts'
import { askAgent } from '../../ask-agent.ts'
import { defineEffect } from '../definition.ts'

export const answerQuestion = defineEffect<AnswerQuestion, Outcome>({
  kind: 'answer-question',
  afterCrash: { by: 'idempotent', why: 'it answers one asking; a question that is gone counts as answered' },
  proof: {
    file: 'packages/kimaki/test/opencode/asks.test.ts',
    test: 'questions are answered, in words of their own too; answering again is fine',
  },
  async run(deps, { directory, ask, answers }) {
    const answered = await askAgent(deps, async () => deps.agent.answer(directory, ask, answers), Number.POSITIVE_INFINITY)
    return { kind: answered === 'answered' ? 'done' : 'gone' }
  },
})
