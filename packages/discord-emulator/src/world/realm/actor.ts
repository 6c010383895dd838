/** Who acts: a person through the world, or a bot through REST. The same rules hold for both. */
import type { Snowflake } from '../../api.ts'

export interface Actor {
  readonly kind: 'person' | 'bot'
  readonly id: Snowflake
}
