// The queue of what the camera was not sure of, as the pages ask for it.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { Review } from '../api/shapes'
import { clockTime } from '../clock/clock'
import { i18next } from '../locale/locale'

export const reviewsKey = (company: string) => ['reviews', company]

const PAGE = 20

export function useReviews(company: string, state: 'open' | 'done') {
  return useInfiniteQuery({
    queryKey: [...reviewsKey(company), state],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      ok(
        api.GET('/api/v1/companies/{company}/reviews', {
          params: { path: { company }, query: { state, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
    // Links to pictures live for five minutes.
    refetchInterval: 120_000,
    refetchOnMount: 'always',
  })
}

/** How many wait; more than 99 are 100. */
export function useOpenReviews(company: string, enabled: boolean) {
  return useQuery({
    queryKey: [...reviewsKey(company), 'count'],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/reviews', { params: { path: { company }, query: { limit: 1 } } })),
    select: (page) => page.open,
    refetchInterval: 60_000,
    refetchOnMount: 'always', // who opens the board wants to know now
    enabled,
  })
}

const refusals = ['face_unknown', 'face_ambiguous', 'face_confirm', 'face_not_live', 'face_contradicted'] as const

/** Who it is, in a few words. */
export function titleOf(review: Review): string {
  if (review.kind === 'punch')
    return i18next.t('review.punch', {
      name: review.name ?? review.username ?? '',
      direction: i18next.t(review.direction === 'exit' ? 'review.exit' : 'review.entry'),
    })
  if (review.code === 'face_challenge') return i18next.t('challengeReview.title')
  const code = refusals.find((known) => known === review.code) ?? 'other'
  return i18next.t(`review.refusal.${code}`)
}

const share = (x: number | undefined) => (x ?? 0).toFixed(2)

/** Why somebody should look at it, a sentence each. */
export function reasonsOf(review: Review, zone: string): string[] {
  const values = {
    name: review.name ?? '',
    score: share(review.score),
    threshold: share(review.threshold),
    margin: share(review.margin),
    least: share(review.min_margin),
    frames: review.frames,
    agreed: review.agreed,
  }
  const alive = { liveness: share(review.liveness), least: share(review.min_liveness) }
  const reasons: string[] = review.doubts.map((doubt) => {
    if (doubt !== 'not_live') return i18next.t(`review.why.${doubt}`, values)
    return review.liveness === undefined ? i18next.t('review.why.not_live_unknown') : i18next.t('review.why.not_live', alive)
  })
  if (review.challenge) reasons.push(challengeText(review.challenge))
  if (review.kind === 'punch') {
    if (!review.direction && review.state === 'open') reasons.push(i18next.t('review.why.gone'))
    return reasons
  }
  switch (review.code) {
    case 'face_unknown':
      reasons.push(i18next.t(review.candidates.length > 0 ? 'review.why.face_unknown' : 'review.why.face_unknown_nobody', values))
      break
    case 'face_not_live':
      reasons.push(i18next.t(review.liveness === undefined ? 'review.why.face_not_live_unknown' : 'review.why.face_not_live', alive))
      break
    case 'face_confirm':
    case 'face_ambiguous':
    case 'face_contradicted':
      reasons.push(i18next.t(`review.why.${review.code}`))
  }
  if (review.count > 1) reasons.push(i18next.t('review.why.seen', { count: review.count, time: clockTime(review.last_at, zone) }))
  return reasons
}

/** What the kiosk asked for, and what came of it. */
function challengeText({ steps, done, passed }: NonNullable<Review['challenge']>): string {
  const words = { steps: steps.map((step) => i18next.t(`challengeReview.step.${step}`)).join(', '), done, count: steps.length }
  return i18next.t(passed ? 'challengeReview.met' : 'challengeReview.unmet', words)
}

/** How near somebody is, in words. */
export function nearness(score: number, threshold: number): 'reached' | 'near' | 'far' {
  if (score >= threshold) return 'reached'
  return score >= threshold - 0.1 ? 'near' : 'far'
}

/** Who decided what. */
export function didText(review: Review): string {
  const who = review.done_by ?? ''
  switch (review.state) {
    case 'confirmed':
      return i18next.t('review.did.confirmed', { who })
    case 'reassigned':
      return i18next.t('review.did.reassigned', { who, name: review.to_name ?? review.to ?? '' })
    default:
      return i18next.t(review.kind === 'punch' ? 'review.did.rejected' : 'review.did.dismissed', { who })
  }
}

/** What stands where the picture is not. */
export function nothingText(review: Review): string {
  if (review.picture_erased) return i18next.t('review.erased')
  if (review.state === 'reassigned') return i18next.t('review.moved', { name: review.to_name ?? review.to ?? '' })
  return i18next.t('review.noPicture')
}
