/** Ports that end the bot at a named point, before or after a call, once: while the trigger is armed. */
import type { Decorations } from '../../src/cli/compose.ts'
import type { Point } from './points.ts'

export interface Trigger {
  armed(): boolean
  /** Ends the bot; it never goes on from there. */
  die(): Promise<never>
}

export function crashingAt(here: Point, { armed, die }: Trigger): Decorations {
  const around =
    <Args extends readonly unknown[], Result>(call: Point['call'], inner: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const meant = here.call === call && armed() && (here.batch?.(args[0] as never) ?? true)
      if (meant && here.side === 'before') return die()
      const result = await inner(...args)
      return meant ? die() : result
    }
  return {
    store: (store) => ({ ...store, commit: around('commit', store.commit) }),
    chat: (chat) => ({
      ...chat,
      openThread: around('openThread', chat.openThread),
      startThread: around('startThread', chat.startThread),
      post: around('post', chat.post),
      edit: around('edit', chat.edit),
      download: around('download', chat.download),
      defer: around('defer', chat.defer),
      reply: around('reply', chat.reply),
    }),
    agent: (agent) => ({
      ...agent,
      openSession: around('openSession', agent.openSession),
      fork: around('fork', agent.fork),
      prompt: around('prompt', agent.prompt),
      abort: around('abort', agent.abort),
      allow: around('allow', agent.allow),
      answer: around('answer', agent.answer),
      files: around('files', agent.files),
      snapshot: around('snapshot', agent.snapshot),
    }),
    shell: (shell) => ({ ...shell, run: around('shell', shell.run) }),
    transcriber: (transcriber) => ({ ...transcriber, transcribe: around('transcribe', transcriber.transcribe) }),
  }
}

/** The crash is the outer layer: it sees what the bot asks for, the red control decides what becomes of it. */
export function both(outer: Decorations, inner: Decorations): Decorations {
  const chain =
    <T>(first: ((value: T) => T) | undefined, second: ((value: T) => T) | undefined) =>
    (value: T): T =>
      second?.(first?.(value) ?? value) ?? first?.(value) ?? value
  return {
    store: chain(inner.store, outer.store),
    chat: chain(inner.chat, outer.chat),
    agent: chain(inner.agent, outer.agent),
    shell: chain(inner.shell, outer.shell),
    transcriber: chain(inner.transcriber, outer.transcriber),
  }
}
