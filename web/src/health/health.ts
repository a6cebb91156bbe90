// The health of the installation, as the pages ask for it.
import { useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { components } from '../api/schema'

type Schemas = components['schemas']
export type Health = Schemas['HealthOutput']
export type Alarm = Schemas['Alarm']
export type Finding = Schemas['CheckupFinding']

export const healthKey = (company: string) => ['health', company]

/** Whether the company operates the installation, and how many alarms are raised. */
export function useHealthSummary(company: string, enabled: boolean) {
  return useQuery({
    queryKey: [...healthKey(company), 'summary'],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/health/summary', { params: { path: { company } } })),
    refetchInterval: 60_000,
    enabled,
  })
}

export function useHealth(company: string) {
  return useQuery({
    queryKey: [...healthKey(company), 'all'],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/health', { params: { path: { company } } })),
    refetchInterval: 60_000,
    refetchOnMount: 'always',
  })
}

export function useAlarmHistory(company: string) {
  return useQuery({
    queryKey: [...healthKey(company), 'history'],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/health/history', { params: { path: { company } } })),
    select: ({ changes }) => changes,
    refetchInterval: 60_000,
  })
}

export type Level = 'ok' | 'warn' | 'fail'

/** The worst of the alarms and the findings. */
export function overall(health: Health): Level {
  const raised = health.alarms.some(({ state, silence }) => state === 'alarm' && !silence)
  if (raised || health.examination?.level === 'fail') return 'fail'
  const silenced = health.alarms.some(({ state }) => state === 'alarm')
  return silenced || health.examination?.level === 'warn' ? 'warn' : 'ok'
}
