// Pictures on their way to being enrolled, one after the other: the server
// compares each with those before it.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'

import { postPicture } from '../api/client'
import { asProblem, Problem } from '../api/problem'
import type { Face } from '../api/shapes'
import { employeeKey, employeesKey, facesKey } from './employees'

export interface Upload {
  id: number
  name: string
  preview: string
  state: 'waiting' | 'enrolling' | 'enrolled' | 'refused'
  face?: Face
  problem?: Problem
}

/** What the server would refuse anyway, refused before it is sent. */
export function refuseEarly(file: Blob): Problem | null {
  if (file.type && !file.type.startsWith('image/')) return new Problem('unsupported', '')
  if (file.size === 0) return new Problem('picture_invalid', '')
  return null
}

/** Where a person's faces are. */
export function facesPath(company: string, username: string): string {
  return `/api/v1/companies/${encodeURIComponent(company)}/employees/${encodeURIComponent(username)}/faces`
}

export function useEnrolment(company: string, username: string) {
  const queries = useQueryClient()
  const [uploads, setUploads] = useState<Upload[]>([])
  const queue = useRef<Promise<unknown>>(Promise.resolve())
  const lastId = useRef(0)
  const previews = useRef<string[]>([])

  useEffect(() => {
    const made = previews.current
    return () => made.forEach((url) => URL.revokeObjectURL(url))
  }, [])

  const enrol = useCallback(
    (name: string, picture: Blob) => {
      const id = ++lastId.current
      const change = (to: Partial<Upload>) =>
        setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...to } : one)))
      const preview = URL.createObjectURL(picture)
      previews.current.push(preview)
      setUploads((all) => [{ id, name, preview, state: 'waiting' }, ...all])
      const work = queue.current.then(async () => {
        const early = refuseEarly(picture)
        if (early) {
          change({ state: 'refused', problem: early })
          return
        }
        change({ state: 'enrolling' })
        const path = facesPath(company, username)
        try {
          const face = await postPicture<Face>(path, picture)
          change({ state: 'enrolled', face })
          void queries.invalidateQueries({ queryKey: facesKey(company, username) })
          void queries.invalidateQueries({ queryKey: employeeKey(company, username) })
          void queries.invalidateQueries({ queryKey: employeesKey(company) })
        } catch (error) {
          change({ state: 'refused', problem: asProblem(error) })
        }
      })
      queue.current = work
    },
    [company, queries, username],
  )

  return { uploads, enrol }
}
