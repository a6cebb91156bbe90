// Questions as the pages ask for them.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import { saveFile } from '../api/save-file'
import type { Question, QuestionDetail } from '../api/shapes'

export const questionsKey = (company: string) => ['questions', company]
export const questionKey = (company: string, id: string) => [...questionsKey(company), 'one', id]
export const ownKey = (company: string, username: string) => [...questionsKey(company), 'own', username]
export const settingsKey = (company: string) => ['question-settings', company]

export interface Filter {
  search: string
  state: Question['state'] | null
  category: string | null
}

export const nothing: Filter = { search: '', state: null, category: null }

function query({ search, state, category }: Filter) {
  return { ...(search.trim() && { search: search.trim() }), ...(state && { state }), ...(category && { category }) }
}

export function useQuestions(company: string, filter: Filter) {
  return useInfiniteQuery({
    queryKey: [...questionsKey(company), 'list', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/questions', {
          params: { path: { company }, query: { limit: 30, ...query(filter), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (before) => before,
  })
}

/** A mail is on its way, so that what became of it is soon known. */
function onItsWay(question?: QuestionDetail): boolean {
  return question !== undefined && [question, ...question.merged].some(({ mail }) => mail === 'sending')
}

export function useQuestion(company: string, id: string) {
  return useQuery({
    queryKey: questionKey(company, id),
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/questions/{questionid}', { params: { path: { company, questionid: id } } })),
    refetchInterval: ({ state }) => (onItsWay(state.data) ? 2_000 : false),
  })
}

export function useCounts(company: string) {
  return useQuery({
    queryKey: [...questionsKey(company), 'counts'],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/questions/counts', { params: { path: { company } } })),
    refetchInterval: 60_000,
    staleTime: 0,
  })
}

export function useQuestionSettings(company: string, enabled = true) {
  return useQuery({
    queryKey: settingsKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/question-settings', { params: { path: { company } } })),
    enabled,
  })
}

export function useOwnQuestions(company: string, username: string) {
  return useInfiniteQuery({
    queryKey: ownKey(company, username),
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/v1/companies/{company}/employees/{username}/questions', {
          params: { path: { company, username }, query: { limit: 20, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
  })
}

/** Fetches the questions as a file and hands it to the browser. */
export async function download(company: string, filter: Filter, format: 'csv' | 'xlsx') {
  const search = new URLSearchParams({ format, ...query(filter) })
  await saveFile(`/api/v1/companies/${encodeURIComponent(company)}/question-export?${search.toString()}`)
}

/** The characters of a text, as the server counts them. */
export function characters(text: string): number {
  return Array.from(text.trim()).length
}
