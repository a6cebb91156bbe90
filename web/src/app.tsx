// What every page stands on: colours, requests, and which page is shown.
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'

import { comeAgain } from './api/persist'
import { asProblem } from './api/problem'
import { setDateStyle } from './clock/date-style'
import { router } from './routes'
import { session } from './session/session'
import { styleNonce } from './shell/style-nonce'
import { cssVariables, theme } from './shell/theme'

// Only what may pass by itself is tried again; a refusal stays a refusal.
const passing = new Set(['offline', 'unavailable', 'internal', 'storage_full', 'storage_failed'])

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && passing.has(asProblem(error).code),
      retryDelay: (failures, error) => comeAgain(error) || 1000 * 2 ** failures,
      staleTime: 10_000,
    },
  },
})

// Before any page renders with another person's choice.
session.subscribe(() => {
  const state = session.snapshot()
  setDateStyle(state.status === 'signed-in' ? state.user : undefined)
})

export function App() {
  useEffect(() => {
    let who = whoNow()
    return session.subscribe(() => {
      if (who === whoNow()) return
      who = whoNow()
      // Nothing of one person's may be shown to the next.
      queries.clear()
      void router.invalidate()
    })
  }, [])
  return (
    <MantineProvider getStyleNonce={styleNonce} theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}

function whoNow(): string {
  const state = session.snapshot()
  return state.status === 'signed-in' ? `${state.user.role}:${state.user.company}:${state.user.username}` : state.status
}
