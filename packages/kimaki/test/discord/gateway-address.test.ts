/** Which addresses the bot says its token to. */
import { describe, expect, test } from 'vitest'
import { gatewayOf } from '../../src/discord/gateway/address.ts'

const DISCORDS = ['https://discord.com/api', 'https://canary.discord.com/api', 'https://discordapp.com/api']
const OTHERS = [
  'http://127.0.0.1:8080/api',
  'https://proxy.example/api',
  'https://discord.com.example/api',
  'http://discord.com/api',
]

describe('a resume address from somebody between the bot and Discord', () => {
  test.each(['wss://gateway.discord.gg', 'wss://gateway-us-east1-b.discord.gg/', 'wss://GATEWAY.discord.gg:443/?v=10'])(
    '%s is of Discord',
    (address) => {
      for (const apiUrl of [...DISCORDS, ...OTHERS]) expect([apiUrl, gatewayOf(apiUrl)(address)]).toEqual([apiUrl, true])
    },
  )

  test.each([
    'ws://gateway.discord.gg',
    'https://gateway.discord.gg',
    'wss://discord.gg.evil.example',
    'wss://evildiscord.gg',
    'wss://gateway.discord.gg.',
    'wss://gateway.discord.gg:4443',
    'wss://gateway.discord.gg@evil.example',
    'wss://a:b@gateway.discord.gg',
    'wss://evil.example/.discord.gg',
    'wss://evil.example#.discord.gg',
    'wss://127.0.0.1',
    '',
    'nonsense',
  ])('%o is not', (address) => {
    for (const apiUrl of DISCORDS) expect([apiUrl, gatewayOf(apiUrl)(address)]).toEqual([apiUrl, false])
  })

  test('an emulator or a proxy may stand anywhere, but is a socket', () => {
    for (const apiUrl of OTHERS) {
      const isGateway = gatewayOf(apiUrl)
      expect(['ws://127.0.0.1:1', 'wss://evil.example', 'http://127.0.0.1', ''].map(isGateway)).toEqual([
        true,
        true,
        false,
        false,
      ])
    }
  })
})
