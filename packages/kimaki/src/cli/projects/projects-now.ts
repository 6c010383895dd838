/** The linked projects as they are now: of the bot, or of the database while none runs. */
import { survey, type SurveyedProject } from '../../app/projects/survey.ts'
import { createFolders } from '../../host/folders.ts'
import type { Config } from '../config.ts'
import { throughBotOrStore } from '../control/bot-or-store.ts'
import { createProjectFolders } from '../folders/project-folders.ts'
import { withDiscord } from './offline.ts'

export const projectsNow = async (config: Config): Promise<readonly SurveyedProject[] | Error> =>
  throughBotOrStore<readonly SurveyedProject[]>(config, {
    call: { method: 'GET', path: '/projects' },
    answerMs: ANSWER_MS,
    async withStore(store) {
      const projects = await store.projects()
      const folders = createProjectFolders(config, createFolders())
      if (config.token === undefined) return survey(projects, folders, undefined)
      return withDiscord(config, (chat) => survey(projects, folders, chat))
    },
  })

const ANSWER_MS = 15_000
