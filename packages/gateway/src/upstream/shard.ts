/** Which part of the bot's guilds a connection carries (Discord docs: Gateway > Sharding). Pure. */

/** Index and number of shards. */
export type Shard = readonly [number, number]

export const shardOf = (guildId: string, count: number): number => Number((BigInt(guildId) >> 22n) % BigInt(count))

export const isOnShard = (guildId: string, [index, count]: Shard): boolean => shardOf(guildId, count) === index
