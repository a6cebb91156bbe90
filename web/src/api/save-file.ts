import { session } from '../session/session'
import { persist } from './persist'
import { problemFrom } from './problem'

interface Saving {
  /** What the file is called, when not as the answer says. */
  name?: string
  signal?: AbortSignal
}

/** Fetches a file and hands it to the browser: only who is signed in may have it,
 * so that a link would not do. */
export async function saveFile(path: string, { name, signal }: Saving = {}) {
  const response = await persist(async () => {
    const answer = await session.fetch(new Request(path, signal && { signal }))
    if (!answer.ok) throw problemFrom(answer.status, await answer.json().catch(() => null))
    return answer
  })
  const url = URL.createObjectURL(await response.blob()) // fails when the file was cut off
  const link = document.createElement('a')
  link.href = url
  link.download = name ?? /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? ''
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
