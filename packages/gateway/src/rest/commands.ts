/**
 * Slash commands of a guild belong to the machine that created them: others may not delete or rename them, nor replace all commands at once
 * while another machine is connected there. Changing one that both have is allowed: two versions of one program declare the same command.
 */
import { StoreAway } from '../base/errors.ts'
import { fieldsOf, isFields, isSnowflake, listOf, parseJson, textOf } from '../base/shape.ts'
import type { OwnerStore } from '../ports/store.ts'
import type { Match } from './match.ts'

const COMMANDS = '/applications/{application_id}/guilds/{guild_id}/commands'

export function mayChangeCommands(
  owners: OwnerStore,
  clientId: string,
  { route, params }: Match,
  body: unknown,
): boolean | StoreAway {
  if (route === `PUT ${COMMANDS}`) {
    const others = owners.others(clientId, params.guild_id ?? '')
    return others instanceof StoreAway ? others : !others
  }
  if (route !== `DELETE ${COMMANDS}/{command_id}` && route !== `PATCH ${COMMANDS}/{command_id}`) return true
  const owner = owners.ofCommand(params.command_id ?? '')
  if (owner === undefined || owner instanceof StoreAway) return owner ?? true
  if (owner.clientId === clientId) return true
  const { name = owner.name } = fieldsOf(body)
  return route.startsWith('PATCH ') && name === owner.name
}

/** After Discord has created them. */
export function keepCommands(owners: OwnerStore, clientId: string, { route, params }: Match, answer: Uint8Array): void {
  if (route !== `POST ${COMMANDS}` && route !== `PUT ${COMMANDS}`) return
  const told = parseJson(Buffer.from(answer).toString())
  for (const { id, name } of isFields(told) ? [told] : listOf(told))
    if (isSnowflake(id)) owners.keepCommand(clientId, { id, guildId: params.guild_id ?? '', name: textOf(name) })
}
