import { list, record, text } from '../base/json.ts'
import { Rejected } from '../server/asks.ts'
import type { Tool } from './tool.ts'

export const question: Tool = {
  name: 'question',
  description: 'Asks the user questions.',
  parameters: {
    type: 'object',
    properties: { questions: { type: 'array', items: { type: 'object' } } },
    required: ['questions'],
  },
  async run(input, { server, scene, callID, signal }) {
    const { session, message } = scene
    const questions = list(input['questions']).map(record)
    const tool = { messageID: message.id, callID }
    const answers = await server.questions.ask(session, { sessionID: session.id, questions, tool }, signal)
    if (answers instanceof Rejected) return answers
    const given = questions.map(
      (asked, index) => `"${text(asked['question']) ?? ''}"="${(answers[index] ?? []).join(', ') || 'Unanswered'}"`,
    )
    return {
      title: `Asked ${questions.length} question${questions.length === 1 ? '' : 's'}`,
      output: `User has answered your questions: ${given.join(', ')}. You can now continue with the user's answers in mind.`,
      metadata: { answers },
    }
  },
}
