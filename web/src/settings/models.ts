import { useQuery } from '@tanstack/react-query'

import { api, ok } from '../api/client'
import type { FaceModels } from '../api/shapes'

export const modelsKey = (company: string) => ['face-models', company]

/** While faces are computed anew, it is asked how far that is. */
const whileChanging = 2000

export function useModels(company: string) {
  return useQuery({
    queryKey: modelsKey(company),
    queryFn: () => ok(api.GET('/api/v1/companies/{company}/face-models', { params: { path: { company } } })),
    refetchInterval: (query) => (query.state.data && atWork(query.state.data) ? whileChanging : false),
  })
}

/** Whether faces are being computed anew at this moment. */
export const atWork = (models: FaceModels) => models.next !== undefined && !models.can_finish
