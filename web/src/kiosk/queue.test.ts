import 'fake-indexeddb/auto'

import { afterEach, describe, expect, it } from 'vitest'

import { Problem } from '../api/problem'
import { Queue, type Kept, type Waiting } from './queue'
import { AGAIN_MS, drain } from './send-queue'

let opened = 0
const open: Queue[] = []

async function newQueue(): Promise<[Queue, string]> {
  const name = `queue-${++opened}`
  const queue = await Queue.open(name)
  open.push(queue)
  return [queue, name]
}

afterEach(() => {
  for (const queue of open.splice(0)) queue.close()
})

const pin = (who: string): Kept => ({ who, pin: '2580' })
const at = (minute: number) => `2026-11-24T09:0${minute}:00.000Z`

/** Sends with a server that answers as told, and lists what it got. */
function server(answers: Record<string, Problem> = {}) {
  const got: string[] = []
  return {
    got,
    post: (item: Waiting, kept: Kept) => {
      got.push(`${item.key} ${'pin' in kept ? `${kept.who} ${kept.pin}` : kept.pictures.length}`)
      const problem = answers[item.key]
      return problem ? Promise.reject(problem) : Promise.resolve()
    },
  }
}

describe('what is kept', () => {
  it('is sealed, and read again by who has the key', async () => {
    const [queue, name] = await newQueue()
    await queue.add('acme', 'a', at(1), { pictures: [new Blob(['one']), new Blob(['two'])], present: ['bina'] })
    await queue.add('acme', 'b', at(2), pin('asha'))
    const again = await Queue.open(name)
    open.push(again)
    const [first, second] = await Promise.all((await again.waiting('acme')).map((seq) => again.get(seq)))
    if (!first || !second) throw new Error('nothing waits')
    expect(new TextDecoder().decode(second.parts[0]?.bytes)).not.toContain('2580')
    expect(await again.read(second)).toEqual({ who: 'asha', pin: '2580' })
    const kept = await again.read(first)
    if (!('pictures' in kept)) throw new Error('no pictures')
    expect(kept.present).toEqual(['bina'])
    expect(await Promise.all(kept.pictures.map((one) => one.text()))).toEqual(['one', 'two'])
  })

  it('opens for no other time, company or place in the moment', async () => {
    const [queue] = await newQueue()
    await queue.add('acme', 'a', at(1), pin('asha'))
    const item = await queue.get((await queue.waiting('acme'))[0] ?? 0)
    if (!item) throw new Error('nothing waits')
    for (const changed of [{ ...item, at: at(2) }, { ...item, company: 'other' }, { ...item, parts: [...item.parts, ...item.parts] }])
      await expect(queue.read(changed)).rejects.toThrow()
  })

  it('does not outlive the company or what the server takes', async () => {
    const [queue] = await newQueue()
    await queue.add('other', 'a', at(1), pin('asha'))
    await queue.add('acme', 'b', '2026-11-01T09:00:00.000Z', pin('asha'))
    await queue.add('acme', 'c', at(1), pin('asha'))
    await queue.tidy('acme', Date.parse(at(2)))
    expect(await queue.waiting('other')).toEqual([])
    expect((await Promise.all((await queue.waiting('acme')).map((seq) => queue.get(seq)))).map((item) => item?.key)).toEqual(['c'])
  })
})

describe('what is sent', () => {
  it('goes in order, once', async () => {
    const [queue] = await newQueue()
    for (const [index, key] of ['a', 'b', 'c'].entries()) await queue.add('acme', key, at(index), pin(key))
    const { post, got } = server()
    expect(await drain(queue, 'acme', post, () => undefined)).toBeNull()
    expect(await drain(queue, 'acme', post, () => undefined)).toBeNull()
    expect(got).toEqual(['a a 2580', 'b b 2580', 'c c 2580'])
  })

  it.each([
    ['no network', new Problem('offline', ''), AGAIN_MS],
    ['a server that is away', new Problem('unavailable', '', 503), AGAIN_MS],
    ['a server that says when', new Problem('rate_limited', '', 429, [], 42), 42_000],
    ['a session that is over', new Problem('unauthorized', '', 401), AGAIN_MS],
    ['a kiosk that was moved', new Problem('kiosk_place', '', 403), AGAIN_MS],
  ])('waits on for %s, with all that follows', async (_, problem, wait) => {
    const [queue] = await newQueue()
    for (const key of ['a', 'b', 'c']) await queue.add('acme', key, at(1), pin(key))
    const { post, got } = server({ b: problem })
    expect(await drain(queue, 'acme', post, () => undefined)).toBe(wait)
    expect(got).toEqual(['a a 2580', 'b b 2580'])
    expect(await queue.waiting('acme')).toHaveLength(2)
    expect(await queue.refused('acme')).toEqual([])
  })

  it('keeps the reason, and no more, of what the server does not take', async () => {
    const [queue] = await newQueue()
    for (const key of ['a', 'b']) await queue.add('acme', key, at(1), pin(key))
    const { post, got } = server({ a: new Problem('pin_wrong', '', 422) })
    expect(await drain(queue, 'acme', post, () => undefined)).toBeNull()
    expect(got).toHaveLength(2)
    expect(await queue.refused('acme')).toEqual([{ key: 'a', company: 'acme', at: at(1), code: 'pin_wrong' }])
    await queue.dismiss('acme')
    expect(await queue.refused('acme')).toEqual([])
  })

  it('is not held up by one at which the server fails', async () => {
    const [queue] = await newQueue()
    for (const key of ['a', 'b']) await queue.add('acme', key, at(1), pin(key))
    const { post } = server({ a: new Problem('internal', '', 500) })
    expect(await drain(queue, 'acme', post, () => undefined)).toBe(AGAIN_MS)
    expect(await queue.waiting('acme')).toHaveLength(1)
  })
})
