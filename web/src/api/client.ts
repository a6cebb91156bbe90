// The one client of the API. Its paths and bodies are typed by schema.d.ts,
// which `npm run generate` writes from the server's own document.
import createClient from 'openapi-fetch'

import { session } from '../session/session'
import { problemFrom } from './problem'
import type { paths } from './schema'

export const api = createClient<paths>({ baseUrl: '/', fetch: (request) => session.fetch(request) })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Returns the answer's data, or throws a Problem. */
export async function ok<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending
  if (!response.ok) throw problemFrom(response.status, error)
  return data as T
}

interface Sending {
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Sends a picture as the body itself, which the typed client has no words for. */
export function postPicture<T>(path: string, picture: Blob, options: Sending = {}): Promise<T> {
  return sendPicture('POST', path, picture, options)
}

/** Sends several pictures of one moment, as a form. */
export async function postMoment<T>(path: string, pictures: Blob[], options: Sending = {}): Promise<T> {
  const form = new FormData()
  for (const picture of pictures) form.append('picture', picture, 'frame.jpg')
  const response = await session.fetch(new Request(path, { method: 'POST', body: form, headers: options.headers, signal: options.signal }))
  return answerOf<T>(response)
}

/** Likewise, in place of another picture. */
export function putPicture<T>(path: string, picture: Blob): Promise<T> {
  return sendPicture('PUT', path, picture, {})
}

async function sendPicture<T>(method: string, path: string, picture: Blob, options: Sending): Promise<T> {
  const response = await session.fetch(
    new Request(path, {
      method,
      body: picture,
      headers: { 'Content-Type': picture.type || 'application/octet-stream', ...options.headers },
      signal: options.signal,
    }),
  )
  return answerOf<T>(response)
}

async function answerOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw problemFrom(response.status, body)
  return body as T
}
