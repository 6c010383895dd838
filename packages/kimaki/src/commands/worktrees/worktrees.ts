/**
 * `/worktrees` lists the worktrees of the project, removes those that Kimaki has made, and sets whether new threads of the channel get one.
 * What a button is about stands in its id: the name of a worktree's folder.
 */
import { projectFolderOf } from '../../domain/conversation/features/place/worktree.ts'
import { cut } from '../../base/text.ts'
import type { CommandAnswer } from '../../domain/conversation/command.ts'
import { button } from '../../domain/conversation/posts/button.ts'
import type { MessageContent } from '../../domain/conversation/posts/post.ts'
import type { Conversation } from '../../domain/conversation/state.ts'
import type { ListedWorktree } from '../../ports/git/worktrees.ts'
import { notRemovedText, removedText, worktreeLine } from '../../view/worktrees/texts.ts'
import type { SlashCommand } from '../declaration.ts'

export const worktrees: SlashCommand = {
  name: 'worktrees',
  description: 'The git worktrees of this project: what is in them, and removing them (clean up, automatic)',
  where: 'channel-or-thread',
  visibility: 'ephemeral',
  deed: 'list',
  options: [],
  run: (state) => ({ work: { isOn: isOn(state), removes: '' } }),
  async work({ git: { worktrees: port } }, { args, state }) {
    const source = projectFolderOf(state)
    const slug = String(args['removes'])
    const listed = await port.list(source)
    if (listed instanceof Error) return { reply: `✗ ${String(listed.reason)}` }
    if (slug === '') return { reply: page(listed, args['isOn'] === true) }
    const meant = listed.find((one) => one.madeBy === 'kimaki' && folderName(one) === slug)
    const removed = meant && (await port.remove(source, meant.directory))
    if (removed instanceof Error)
      return { reply: page(listed, args['isOn'] === true, notRemovedText(slug, String(removed.reason))) }
    const left = listed.filter((one) => one !== meant)
    return { reply: page(left, args['isOn'] === true, removed ? removedText(slug, removed) : '⬦ that worktree is gone already') }
  },
  buttons: {
    'worktrees-automatic': (about): CommandAnswer => ({
      requests: [{ kind: 'set-preference', scope: 'channel', change: { name: 'worktrees', value: about === 'on' } }],
      work: { isOn: about === 'on', removes: '' },
    }),
    'worktrees-remove': (about, _press, _moment, state): CommandAnswer => ({ work: { isOn: isOn(state), removes: about } }),
  },
}

const isOn = ({ preferences }: Conversation): boolean => preferences.channel.worktrees ?? false

const folderName = ({ directory }: ListedWorktree): string => directory.slice(directory.lastIndexOf('/') + 1)

/** Each line has up to 190 units. */
const SHOWN = 9

function page(listed: readonly ListedWorktree[], isAutomatic: boolean, news?: string): MessageContent {
  const others = listed.filter(({ madeBy }) => madeBy !== 'project')
  const shown = others.slice(0, SHOWN)
  const removable = shown.filter(({ madeBy }) => madeBy === 'kimaki')
  const lines = [
    ...(news === undefined ? [] : [news]),
    isAutomatic
      ? '⬦ each new thread of this channel works in a worktree of its own'
      : '⬦ new threads of this channel work in the project folder; `/new-worktree` opens one that does not',
    others.length === 0 ? '⬦ this project has no worktrees' : `⬦ ${others.length} worktrees`,
    ...shown.map(worktreeLine),
    ...(others.length > SHOWN ? [`and ${others.length - SHOWN} more: \`git worktree list\``] : []),
  ]
  return {
    text: lines.join('\n'),
    buttons: [
      button('worktrees-automatic', isAutomatic ? 'off' : 'on', `Worktrees for new threads: ${isAutomatic ? 'off' : 'on'}`),
      ...removable.map((one) => button('worktrees-remove', folderName(one), cut(`Remove ${folderName(one)}`, 40))),
    ],
  }
}
