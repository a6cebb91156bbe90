// Which address shows which page, and to whom.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'

import { Problem } from './api/problem'
import type { Me } from './api/shapes'
import { isMonth } from './clock/month'
import { rememberedKiosk } from './kiosk/remembered'
import { kinds, type Kind } from './reports/reports'
import { session } from './session/session'
import { Frame } from './shell/frame'
import { ErrorPage, NotFoundPage, PageLoading } from './shell/states'

async function known() {
  let state = session.snapshot()
  if (state.status === 'unknown' || state.status === 'unreachable') state = await session.restore()
  if (state.status === 'unreachable') throw new Problem('offline', '')
  return state
}

const root = createRootRoute({
  component: Outlet,
  errorComponent: ErrorPage,
  notFoundComponent: NotFoundPage,
})

const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: lazyRouteComponent(() => import('./setup/setup-page'), 'SetupPage') })

const join = createRoute({ getParentRoute: () => root, path: '/join', component: lazyRouteComponent(() => import('./join/join-page'), 'JoinPage') })

const signUp = createRoute({ getParentRoute: () => root, path: '/sign-up', component: lazyRouteComponent(() => import('./sign-up/sign-up-page'), 'SignUpPage') })

const confirmSignUp = createRoute({ getParentRoute: () => root, path: '/sign-up/confirm', component: lazyRouteComponent(() => import('./sign-up/confirm-page'), 'ConfirmPage') })
const forgot = createRoute({ getParentRoute: () => root, path: '/forgot', component: lazyRouteComponent(() => import('./session/forgot-page'), 'ForgotPage') })
const reset = createRoute({ getParentRoute: () => root, path: '/reset', component: lazyRouteComponent(() => import('./session/reset-page'), 'ResetPage') })

const unsubscribe = createRoute({ getParentRoute: () => root, path: '/unsubscribe', component: lazyRouteComponent(() => import('./notifications/unsubscribe-page'), 'UnsubscribePage') })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  beforeLoad: async ({ search }) => {
    const state = await known()
    // Only an address of this site: never follow a link elsewhere.
    if (state.status === 'signed-in')
      throw redirect({ href: search.next && /^\/(?![/\\])/.test(search.next) ? search.next : '/' })
  },
  component: lazyRouteComponent(() => import('./session/sign-in-page'), 'SignInPage'),
})

const kiosk = createRoute({
  getParentRoute: () => root,
  path: '/kiosk',
  // A kiosk starts without a network, too, and keeps who comes until it is there.
  beforeLoad: async () => {
    await known().catch((error: unknown) => {
      if (!rememberedKiosk()) throw error
    })
  },
  component: lazyRouteComponent(() => import('./kiosk/kiosk-page'), 'KioskPage'),
})

const docs = createRoute({
  getParentRoute: () => root,
  path: '/docs',
  component: lazyRouteComponent(() => import('./docs/docs-page'), 'DocsPage'),
})

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  beforeLoad: async ({ location }) => {
    const state = await known()
    if (state.status !== 'signed-in')
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    if (state.user.role === 'kiosk') throw redirect({ to: '/kiosk' })
  },
  component: Frame,
})

/** ?month=2026-11, or ?month=bs-2083-08. */
const searchMonth = ({ month }: Record<string, unknown>): { month?: string } =>
  typeof month === 'string' && isMonth(month) ? { month } : {}

const home = createRoute({ getParentRoute: () => frame, path: '/', validateSearch: searchMonth, component: lazyRouteComponent(() => import('./board/home-page'), 'HomePage') })

const account = createRoute({ getParentRoute: () => frame, path: '/account', component: lazyRouteComponent(() => import('./account/account-page'), 'AccountPage') })

/** Sends everybody to the start page but those with one of these roles. */
const only = (...roles: Me['role'][]) => () => {
  const state = session.snapshot()
  if (state.status === 'signed-in' && !roles.includes(state.user.role)) throw redirect({ to: '/' })
}

const team = createRoute({ getParentRoute: () => frame, path: '/team', beforeLoad: only('manager'), component: lazyRouteComponent(() => import('./board/team-page'), 'TeamPage') })
const notifications = createRoute({
  getParentRoute: () => frame,
  path: '/notifications',
  beforeLoad: only('admin', 'manager', 'employee'),
  component: lazyRouteComponent(() => import('./notifications/notifications-page'), 'NotificationsPage'),
})


const myData = createRoute({ getParentRoute: () => frame, path: '/my-data', beforeLoad: only('manager', 'employee'), component: lazyRouteComponent(() => import('./consent/my-data-page'), 'MyDataPage') })

// An auditor sees the admin's pages without their controls.
const admin = createRoute({
  getParentRoute: () => frame,
  id: 'admin',
  beforeLoad: only('admin', 'auditor'),
  component: Outlet,
})

const employees = createRoute({ getParentRoute: () => admin, path: '/employees', component: lazyRouteComponent(() => import('./employees/employees-page'), 'EmployeesPage') })

export const employee = createRoute({
  getParentRoute: () => frame,
  beforeLoad: only('admin', 'auditor', 'manager'),
  path: '/employees/$username',
  validateSearch: searchMonth,
  component: lazyRouteComponent(() => import('./employees/employee-page'), 'EmployeePage'),
})

const calendar = createRoute({ getParentRoute: () => frame, path: '/calendar', component: lazyRouteComponent(() => import('./events/calendar-page'), 'CalendarPage') })
const leave = createRoute({ getParentRoute: () => frame, path: '/leave', component: lazyRouteComponent(() => import('./leave/leave-page'), 'LeavePage') })
const decide = createRoute({
  getParentRoute: () => frame,
  path: '/to-decide',
  beforeLoad: only('admin', 'manager', 'employee'),
  component: lazyRouteComponent(() => import('./leave/decide-page'), 'DecidePage'),
})

const ask = createRoute({
  getParentRoute: () => root,
  path: '/ask/$slug',
  component: lazyRouteComponent(() => import('./questions/ask-page'), 'AskPage'),
})
const questions = createRoute({
  getParentRoute: () => frame,
  path: '/questions',
  beforeLoad: only('admin', 'auditor', 'manager'),
  component: lazyRouteComponent(() => import('./questions/questions-page'), 'QuestionsPage'),
})
export const question = createRoute({
  getParentRoute: () => frame,
  path: '/questions/$id',
  beforeLoad: only('admin', 'auditor', 'manager'),
  component: lazyRouteComponent(() => import('./questions/question-page'), 'QuestionPage'),
})
const myQuestions = createRoute({
  getParentRoute: () => frame,
  path: '/my-questions',
  beforeLoad: only('manager', 'employee'),
  component: lazyRouteComponent(() => import('./questions/my-questions-page'), 'MyQuestionsPage'),
})
const reports = createRoute({
  getParentRoute: () => frame,
  path: '/reports',
  beforeLoad: only('admin', 'auditor', 'manager'),
  validateSearch: ({ report }: Record<string, unknown>): { report?: Kind } =>
    [...kinds, 'time-sheet', 'payroll'].includes(report as Kind) ? { report: report as Kind } : {},
  component: lazyRouteComponent(() => import('./reports/reports-page'), 'ReportsPage'),
})

const shifts = createRoute({
  getParentRoute: () => admin,
  path: '/shifts',
  beforeLoad: only('admin'),
  validateSearch: (search: Record<string, unknown>): { tab?: 'weeks' | 'roster' } =>
    search.tab === 'weeks' || search.tab === 'roster' ? { tab: search.tab } : {},
  component: lazyRouteComponent(() => import('./shifts/shifts-page'), 'ShiftsPage'),
})

const review = createRoute({ getParentRoute: () => admin, path: '/review', component: lazyRouteComponent(() => import('./review/review-page'), 'ReviewPage') })
const kiosks = createRoute({ getParentRoute: () => admin, path: '/kiosks', component: lazyRouteComponent(() => import('./kiosks/kiosks-page'), 'KiosksPage') })
const audit = createRoute({ getParentRoute: () => admin, path: '/audit', component: lazyRouteComponent(() => import('./audit/audit-page'), 'AuditPage') })
const calibration = createRoute({
  getParentRoute: () => admin,
  path: '/settings/calibration',
  component: lazyRouteComponent(() => import('./calibration/calibration-page'), 'CalibrationPage'),
})
const imports = createRoute({ getParentRoute: () => admin, path: '/settings/import', beforeLoad: only('admin'), component: lazyRouteComponent(() => import('./imports/import-page'), 'ImportPage') })
const settings = createRoute({ getParentRoute: () => admin, path: '/settings', component: lazyRouteComponent(() => import('./settings/settings-page'), 'SettingsPage') })
const webhooks = createRoute({
  getParentRoute: () => admin,
  path: '/settings/webhooks',
  component: lazyRouteComponent(() => import('./webhooks/webhooks-page'), 'WebhooksPage'),
})
const deliveries = createRoute({
  getParentRoute: () => admin,
  path: '/settings/deliveries',
  component: lazyRouteComponent(() => import('./deliveries/deliveries-page'), 'DeliveriesPage'),
})
const slack = createRoute({
  getParentRoute: () => admin,
  path: '/settings/slack',
  component: lazyRouteComponent(() => import('./slack/slack-page'), 'SlackPage'),
})
// Pages that Slack leads to take what it brought out of the address before
// anybody is sent to sign in.
const slackLink = createRoute({
  getParentRoute: () => root,
  path: '/slack/link',
  beforeLoad: async () => {
    await known()
  },
  component: lazyRouteComponent(() => import('./slack/link-page'), 'SlackLinkPage'),
})
const slackInstalled = createRoute({
  getParentRoute: () => root,
  path: '/slack/installed',
  beforeLoad: async () => {
    await known()
  },
  component: lazyRouteComponent(() => import('./slack/installed-page'), 'SlackInstalledPage'),
})
const slackPunch = createRoute({
  getParentRoute: () => root,
  path: '/slack/punch',
  component: lazyRouteComponent(() => import('./slack/punch-page'), 'SlackPunchPage'),
})
const health = createRoute({
  getParentRoute: () => admin,
  path: '/health',
  component: lazyRouteComponent(() => import('./health/health-page'), 'HealthPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    join,
    signUp,
    confirmSignUp,
    forgot,
    reset,
    unsubscribe,
    signIn,
    kiosk,
    docs,
    ask,
    slackLink,
    slackInstalled,
    slackPunch,
    frame.addChildren([
      home, account, myData, calendar, leave, decide, team, employee, reports, questions, question, myQuestions, notifications, admin.addChildren([employees, shifts, review, kiosks, audit, calibration, settings, imports, webhooks, deliveries, slack, health]),
    ]),
  ]),
  defaultPreload: false,
  defaultPendingComponent: PageLoading,
  defaultPendingMs: 300,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
