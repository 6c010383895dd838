/** How folders and their channels are named, and how a channel of ours is found again. */
import { deriveId } from '../base/ids.ts'
import type { ChannelKind } from './channel.ts'

/** The category below which channels of projects are made. */
export const CATEGORY = 'Kimaki'

/** Discord allows no longer names of channels. */
const NAME_MAX = 100

/** The last part of a path. */
export const folderName = (directory: string): string => directory.split(/[/\\]/).findLast((part) => part !== '') ?? directory

/** Lower case, words joined by hyphens: as Discord writes names of channels. */
export const channelNameFor = (directory: string): string => kebab(folderName(directory)) || 'project'

/** Of a folder that a person names; undefined: nothing in it can stand in a name. */
export const newFolderName = (name: string): string | undefined => kebab(name) || undefined

const kebab = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, NAME_MAX)
    .toWellFormed()
    .replaceAll(/^-+|-+$/g, '')

/** Stands for a folder where there is no room for its path. */
export const folderRef = (directory: string): string => deriveId('', 'folder', directory).slice(0, 16)

/** In the topic of its channel: names the folder and this installation, and tells nobody its path. */
export const markOf = (installId: string, directory: string): string => deriveId('', 'channel', installId, directory).slice(0, 12)

export const topicFor = (directory: string, mark: string): string =>
  `Kimaki project ${folderName(directory)} (${mark})`.slice(0, 1024)

interface Channel {
  readonly id: string
  readonly name: string
  readonly kind: ChannelKind
  readonly topic: string
}

export const categoryAmong = <C extends Channel>(channels: readonly C[]): C | undefined =>
  channels.find(({ kind, name }) => kind === 'category' && /^kimaki$/i.test(name))

/** A channel that an earlier attempt has made for the folder. */
export const markedAmong = <C extends Channel>(channels: readonly C[], mark: string): C | undefined =>
  channels.find(({ kind, topic }) => kind === 'text' && topic.includes(`(${mark})`))
