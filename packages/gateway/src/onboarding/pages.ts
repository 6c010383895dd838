/** Pages for people: one sentence or a list, without scripts. */
import type { Authorization } from '../ports/store.ts'

const page = (title: string, content: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>body{font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem}td{padding:.3rem 1rem .3rem 0}</style>
<h1>${escape(title)}</h1>${content}</html>
`

export const sentence = (title: string, text: string): string => page(title, `<p>${escape(text)}</p>`)

export interface Named {
  readonly id: string
  readonly name: string
}

export function machinesPage(guilds: readonly Named[], authorizations: readonly Authorization[], csrf: string): string {
  const tables = guilds.flatMap(({ id, name }) => {
    const own = authorizations.filter(({ guildId }) => guildId === id)
    return own.length === 0 ? [] : [`<h2>${escape(name)}</h2><table>${own.map((one) => row(one, csrf)).join('')}</table>`]
  })
  return page(
    'Connected machines',
    tables.length === 0 ? '<p>No machine is connected to a server that you manage.</p>' : tables.join(''),
  )
}

function row({ machine, clientId, guildId, at }: Authorization, csrf: string): string {
  const fields = Object.entries({ client: clientId, guild: guildId, csrf })
  const hidden = fields.map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`).join('')
  const since = new Date(at).toISOString().slice(0, 10)
  const form = `<form method="post" action="/manage/revoke">${hidden}<button>Disconnect</button></form>`
  return `<tr><td>${escape(machine)}</td><td>since ${since}</td><td>${form}</td></tr>`
}

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
