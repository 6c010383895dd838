/**
 * The first channel of a server: an empty folder, a few words on what one can do here, and a thread to try it in. Once for each server: one
 * that somebody has deleted stays deleted. Ended in between, the same call completes it: what stands in the channel is taken for what an
 * earlier attempt has written, and the nonce keeps the words in the thread single, but for a call that comes minutes later.
 */
import { deriveId } from '../../base/ids.ts'
import type { ChatError, ChatPort } from '../../ports/chat.ts'
import type { ProjectFolders, SetupError } from '../../ports/projects.ts'
import type { FolderRecords, Project } from '../../ports/store.ts'
import { TUTORIAL, TUTORIAL_NAME, WELCOME } from '../../view/text/welcome.ts'

export type WelcomeChat = Pick<ChatPort, 'newestIn' | 'post' | 'openThread'>

export interface WelcomeDeps {
  readonly chat: WelcomeChat
  readonly records: Pick<FolderRecords, 'welcomed' | 'welcome'>
  readonly folders: ProjectFolders
  /** Makes a folder of ours into a project of the server. */
  readonly add: (directory: string) => Promise<Project | SetupError>
}

const FOLDER = 'kimaki'

/** Undefined: the server has been welcomed before. */
export async function welcome(
  { chat, records, folders, add }: WelcomeDeps,
  guildId: string,
): Promise<Project | undefined | SetupError> {
  if (records.welcomed(guildId)) return undefined
  const directory = await folderFor(folders)
  if (directory instanceof Error) return directory
  const project = await add(directory)
  if (project instanceof Error) return project
  const { channelId } = project
  const messageId = await firstIn(chat, channelId, WELCOME)
  if (messageId instanceof Error) return messageId
  const thread = await chat.openThread(channelId, messageId, TUTORIAL_NAME)
  if (thread instanceof Error) return thread
  const told = await say(chat, thread.threadId, TUTORIAL)
  if (told instanceof Error) return told
  await records.welcome(guildId, channelId)
  return project
}

/** The one that another server has already, or a new one. */
async function folderFor(folders: ProjectFolders): Promise<string | SetupError> {
  const directory = `${folders.home}/${FOLDER}`
  const existing = await folders.existing([directory])
  const found = existing.length > 0 ? await folders.inspect(directory) : await folders.make(FOLDER, true)
  return found instanceof Error ? found : found.directory
}

/** Id of the newest message there; where nothing stands yet, of these words. */
async function firstIn(chat: WelcomeChat, channelId: string, content: string): Promise<string | ChatError> {
  const newest = await chat.newestIn(channelId)
  return newest instanceof Error || newest !== channelId ? newest : say(chat, channelId, content)
}

async function say(chat: WelcomeChat, channelId: string, content: string): Promise<string | ChatError> {
  const message = { blocks: [], content, file: undefined, notify: false }
  const posted = await chat.post(channelId, message, deriveId('', 'welcome', channelId).slice(0, NONCE_MAX))
  return posted instanceof Error ? posted : posted.messageId
}

/** Discord docs: Create Message. */
const NONCE_MAX = 25
