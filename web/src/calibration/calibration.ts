import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { components } from '../api/schema'

export type Calibration = components['schemas']['CalibrationReport']
export type Bar = components['schemas']['ScoreBar']

export function useCalibration(company: string, rate: number, headCount: number) {
  return useQuery({
    queryKey: ['calibration', company, rate, headCount],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v1/companies/{company}/calibration', {
          params: { path: { company }, query: { rate, head_count: headCount } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
}

/** 0.4612 as 0.461. */
export function asScore(score: number): string {
  return score.toFixed(3)
}

/** A share of strangers as people say it: 1 in 250; below one in a million it is not told. */
export function oneIn(rate: number): number {
  return Math.min(1_000_000, Math.max(1, Math.round(1 / Math.max(rate, 1e-6))))
}
