/** What the run tells the features, after it has taken an input itself. */
import type { IncomingMessage } from '../message/incoming.ts'
import type { PreparedAttachment } from '../message/prompt.ts'
import type { AgentEvent, AnsweredBy, Snapshot } from '../agent.ts'
import type { Level } from '../models/in-force.ts'
import type { PreferenceChange, Scope } from '../models/preferences.ts'
import type { Verbosity } from '../prefs.ts'
import type { Post } from './posts/post.ts'
import type { Right } from '../rights.ts'
import type { Answered, Beginning, CommandInvocation, Meanwhile, MergeAsked, OfferedButton } from './request.ts'

export type RunEvent =
  /** The replica has taken it. */
  | { readonly kind: 'agent'; readonly event: AgentEvent }
  /** The replica was replaced by what the session holds. */
  | { readonly kind: 'session-read'; readonly snapshot: Snapshot }
  /** A message has become a prompt; it is not prepared yet. */
  | { readonly kind: 'prompt-added'; readonly promptId: string }
  /** A feature asks for this message to wait in the queue. */
  | {
      readonly kind: 'queue-asked'
      readonly id: string
      readonly order: number
      readonly message: IncomingMessage
      readonly acceptedAt: number
      readonly atMost: number
    }
  /** An accepted message was edited or deleted; a prompt that was not submitted yet has followed, one that may be unread will. */
  | { readonly kind: 'message-edited'; readonly message: IncomingMessage }
  | { readonly kind: 'message-deleted'; readonly messageId: string }
  /** The agent has read the message of a prompt as it was, before it could be changed or taken out of the session. */
  | { readonly kind: 'came-too-late'; readonly promptId: string; readonly what: 'edited' | 'deleted' }
  /** `isTheirs`: a person opened it before us, under a name of their own. */
  | { readonly kind: 'thread-opened'; readonly threadId: string; readonly name: string; readonly isTheirs?: true }
  | { readonly kind: 'thread-renamed'; readonly name: string }
  /** Discord does not let the bot write in the thread for now (see the input of that kind); it does again, or the post has left. */
  | { readonly kind: 'post-held'; readonly postId: string; readonly code: number; readonly missing: readonly Right[] }
  | { readonly kind: 'post-released'; readonly postId: string }
  /** Discord has confirmed the post, or will never take it. */
  | { readonly kind: 'post-left'; readonly post: Post }
  /** Nobody can read the thread any more, or there never was one. `untold`: the reason, when no prompt has told it. */
  | { readonly kind: 'thread-closed'; readonly untold: string | undefined }
  /** The session could not be opened, or can never be read again: the live prompts have ended with the reason. `untold`: as above. */
  | { readonly kind: 'session-failed'; readonly untold: string | undefined }
  /** The files of a message were fetched, as far as they could be. */
  | { readonly kind: 'files-prepared'; readonly promptId: string; readonly prepared: readonly PreparedAttachment[] }
  /** The session was deleted outside Kimaki: the next prompt begins a new one. `isTold`: the end of a prompt says so. */
  | { readonly kind: 'session-gone'; readonly session: string; readonly isTold: boolean }
  /** The conversation began in a thread that was opened for it. */
  | { readonly kind: 'begun'; readonly beginning: Beginning }
  /** What was said in the session that it goes on with cannot be read: the line people read. */
  | { readonly kind: 'history-unread'; readonly text: string }
  /** Another thread goes on with the session. */
  | { readonly kind: 'session-moved'; readonly to: string }
  /** A program, or `asker` by a slash command, asks for a conversation of its own in the project channel. */
  | { readonly kind: 'launch-asked'; readonly message: IncomingMessage; readonly begins: Beginning; readonly asker?: Answered }
  /** Bots have begun so many conversations in the channel that this message begins none. */
  | { readonly kind: 'unbegun'; readonly message: IncomingMessage }
  /** People are to be told this, once. */
  | { readonly kind: 'notice'; readonly id: string; readonly text: string; readonly pings?: string }
  /** Somebody who may not speak has written it in the thread, or edited it. */
  | { readonly kind: 'guest-wrote'; readonly message: IncomingMessage; readonly isEdit: boolean; readonly at: number }
  /** A person has the worktree of the thread merged, or the last merge taken back. */
  | (MergeAsked & { readonly kind: 'merge-asked' })
  /** An earlier process accepted a slash command but did not acknowledge it. */
  | { readonly kind: 'command-missed'; readonly command: CommandInvocation }
  /** The work of a slash command has begun, and until it is over something must not happen. */
  | { readonly kind: 'work-begun'; readonly id: string; readonly meanwhile: Meanwhile }
  /** The agent's server lives but answers nothing: for so long, and it is ended after so long (milliseconds). */
  | { readonly kind: 'server-silent'; readonly forMs: number; readonly endsAtMs: number }
  /** The folder brings programs that nobody was told of; they run from now on. Lines that name them. */
  | { readonly kind: 'programs-found'; readonly programs: readonly string[] }
  /** Another thread of the project has written the same file, within 15 minutes. */
  | { readonly kind: 'file-collided'; readonly file: string; readonly other: string }
  /** It answers again, or it was ended. */
  | { readonly kind: 'server-answers' }
  | { readonly kind: 'server-ended' }
  /** The agent offers buttons, under the id of its call. `at`: Unix ms. */
  | {
      readonly kind: 'buttons-offered'
      readonly call: string
      readonly buttons: readonly OfferedButton[]
      readonly at: number
    }
  /** The agent asks for files, under the id of its call. */
  | { readonly kind: 'upload-asked'; readonly call: string; readonly prompt: string; readonly atMost: number }
  /** This prompt waits: so many agents work already, the most at once. Told for as long as it waits. */
  | { readonly kind: 'no-room'; readonly promptId: string; readonly atMost: number }
  /** A person has chosen who answers, or what a channel listens to. */
  | { readonly kind: 'preference-set'; readonly scope: Scope; readonly change: PreferenceChange }
  /** A prompt stands in the session. `answeredBy`: whom it has named; `by`: why. */
  | { readonly kind: 'delivered'; readonly answeredBy: AnsweredBy | undefined; readonly by: Level }
  /** A person has taken these out of the queue. */
  | { readonly kind: 'unqueued'; readonly ids: readonly string[]; readonly by: string }
  /** The threads of the channel show more or less than before. */
  | { readonly kind: 'verbosity-changed'; readonly from: Verbosity }
  /** The run that this prompt began has lasted for a while. */
  | { readonly kind: 'run-lasts'; readonly promptId: string }
  /** The turn that this prompt began has worked for another minute, of at most so many. */
  | { readonly kind: 'run-minute'; readonly promptId: string; readonly limitMin: number }
  /** A step was stopped so that the agent reads a newer message: both by OpenCode's message ids. */
  | { readonly kind: 'interrupted'; readonly by: string; readonly step: string }
