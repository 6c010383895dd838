/** Mentions in message text, as a reader sees them: `<@1>` is @name, `<@&1>` is @role, `<#1>` is #channel. What is unknown stays as it is. */
export interface MentionNames {
  user(id: string): string | undefined
  role(id: string): string | undefined
  channel(id: string): string | undefined
}

const MENTION = /<(@!?|@&|#)(\d{15,21})>/g

export function resolveMentions(text: string, names: MentionNames): string {
  return text.replace(MENTION, (mention, sort: string, id: string) => {
    if (sort === '#') return prefixed('#', names.channel(id)) ?? mention
    return prefixed('@', sort === '@&' ? names.role(id) : names.user(id)) ?? mention
  })
}

/** The text without its mentions, in one line. */
export function withoutMentions(text: string): string {
  return text.replace(MENTION, ' ').replace(/\s+/g, ' ').trim()
}

const prefixed = (sign: string, name: string | undefined): string | undefined => (name === undefined ? undefined : sign + name)
